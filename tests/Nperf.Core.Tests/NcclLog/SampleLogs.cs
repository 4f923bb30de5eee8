namespace Nperf.Core.Tests.NcclLog;

/// <summary>Logs in the forms of several versions of NCCL, of the process with rank 0.</summary>
internal static class SampleLogs
{
    /// <summary>Two GPUs of one host; bus ids in brackets, no line for a collective.</summary>
    public const string V214 = """
        node1:41:41 [0] NCCL INFO Bootstrap : Using eth0:192.0.2.1<0>
        node1:41:41 [0] NCCL INFO NET/Plugin : No plugin found (libnccl-net.so), using internal implementation
        node1:41:41 [0] NCCL INFO NCCL version 2.14.3+cuda11.7
        node1:41:47 [0] NCCL INFO NET/IB : No device found.
        node1:41:47 [0] NCCL INFO NET/Socket : Using [0]eth0:192.0.2.1<0> [1]eth1:2001:db8::1<0>
        node1:41:47 [0] NCCL INFO Using network Socket
        node1:41:47 [0] NCCL INFO Channel 00/02 :    0   1
        node1:41:47 [0] NCCL INFO Trees [0] 1/-1/-1->0->-1 [1] 1/-1/-1->0->-1
        node1:41:47 [0] NCCL INFO Channel 00/0 : 0[1b000] -> 1[1c000] via P2P/IPC/read/CE
        node1:41:47 [0] NCCL INFO Channel 01/0 : 0[1b000] -> 1[1c000] via P2P/IPC/read/CE
        node1:41:47 [0] NCCL INFO Connected all rings
        node1:41:47 [0] NCCL INFO Connected all trees
        node1:41:47 [0] NCCL INFO threadThresholds 8/8/64 | 16/8/64 | 512 | 512
        node1:41:47 [0] NCCL INFO 2 coll channels, 2 p2p channels, 2 p2p channels per peer
        node1:41:47 [0] NCCL INFO comm 0x7f1c2c000fa0 rank 0 nranks 2 cudaDev 0 busId 1b000 - Init COMPLETE
        node1:41:41 [0] NCCL INFO Channel 00/1 : 0[1b000] -> 1[1c000] via P2P/indirect/3[3b000]/read

        """;

    /// <summary>Shared memory, numbers for algorithm and protocol, and no operation.</summary>
    public const string V220 = """
        node1:42:42 [0] NCCL INFO NCCL version 2.20.5+cuda12.4
        node1:42:48 [0] NCCL INFO NET/IB : Using [0]={[0] mlx5_0:1/RoCE, [1] mlx5_1:1/RoCE} [2]mlx5_2:1/IB [RO]; OOB eth0:192.0.2.1<0>
        node1:42:48 [0] NCCL INFO Using network IB
        node1:42:48 [0] NCCL INFO comm 0x55aa rank 0 nRanks 2 nNodes 1 localRanks 2 localRank 0 MNNVL 0
        node1:42:48 [0] NCCL INFO Channel 00 : 0[0] -> 1[1] via SHM/direct/CE
        node1:42:48 [0] NCCL INFO Channel 01 : 0[0] -> 1[1] via SHM/direct/CE
        node1:42:48 [0] NCCL INFO 2 coll channels, 0 collnet channels, 0 nvls channels, 2 p2p channels, 2 p2p channels per peer
        node1:42:48 [0] NCCL INFO comm 0x55aa rank 0 nranks 2 cudaDev 0 nvmlDev 0 busId 1b000 commId 0x9d0a - Init COMPLETE
        node1:42:42 [0] NCCL INFO 1024 Bytes -> Algo 1 proto 0 time 12.345000
        node1:42:42 [0] NCCL INFO 4194304 Bytes -> Algo 5 proto 2 time 62.000000

        """;

    /// <summary>The operation's name before the numbers; time of initialisation.</summary>
    public const string V223 = """
        node1:43:49 [0] NCCL INFO Init timings - ncclCommInitRank: rank 0 nranks 4 total 1.23 (kernels 0.37, alloc 0.10, bootstrap 0.20, allgathers 0.00, topo 0.20, graphs 0.06, connections 0.20, rest 0.10)
        node1:43:43 [0] NCCL INFO AllGather: 8192 Bytes -> Algo 6 proto 2 time 20.500000
        node1:43:43 [0] NCCL INFO Reduce: 8 Bytes -> Algo -1 proto -1 time 1.000000

        """;

    /// <summary>Two hosts, InfiniBand past another rank's GPU, CollNet; warnings with a time.</summary>
    public const string V226 = """
        node1:44:50 [0] NCCL INFO NET/IB : Using [0]mlx5_0:1/IB [1]mlx5_1:1/IB [RO]; OOB eth0:192.0.2.1<0>
        node1:44:50 [0] NCCL INFO NET/Socket : Using [0]eth0:192.0.2.1<0>
        node1:44:50 [0] NCCL INFO Using network IB
        node1:44:50 [0] NCCL INFO comm 0x55aa rank 0 nRanks 16 nNodes 2 localRanks 8 localRank 0 MNNVL 0
        node1:44:50 [0] NCCL INFO Channel 00/0 : 15[7] -> 0[0] [receive] via NET/IB/0/GDRDMA
        node1:44:50 [0] NCCL INFO Channel 02/0 : 15[7] -> 0[0] [receive] via NET/IB/1/GDRDMA
        node1:44:50 [0] NCCL INFO Channel 01/0 : 0[0] -> 8[0] [send] via NET/IB/1(2)/GDRDMA(PCI)/Shared
        node1:44:50 [0] NCCL INFO CollNet 00/0 : 0 [send] via COLLNET/SHARP/0/GDRDMA
        node1:44:50 [0] NCCL INFO CollNet 00/0 : 0 [receive] via COLLNET/SHARP/0/GDRDMA

        [2026-01-02 03:04:05] node1:44:50 [0] misc/socket.cc:58 NCCL WARN socket progress: Connection refused by 192.0.2.2

        [2026-01-02 03:04:06] node1:44:50 [0] misc/socket.cc:58 NCCL WARN socket progress: Connection refused by 192.0.2.2

        """;

    /// <summary>Ranks as threads: each tells of a symmetric kernel.</summary>
    public const string V227 = """
        node1:45:51 [0] NCCL INFO ncclCommInitRank comm 0x1 rank 0 nranks 2 cudaDev 0 nvmlDev 0 busId 1b000 commId 0x9 - Init COMPLETE
        node1:45:52 [1] NCCL INFO ncclCommInitRank comm 0x2 rank 1 nranks 2 cudaDev 1 nvmlDev 1 busId 1c000 commId 0x9 - Init COMPLETE
        node1:45:54 [1] NCCL INFO AllReduce [Symmetric]: 1024 Bytes -> Kernel AllReduce_AGxLL_R nchannels 1 nthreads 512
        node1:45:53 [0] NCCL INFO AllReduce [Symmetric]: 1024 Bytes -> Kernel AllReduce_AGxLL_R nchannels 1 nthreads 512
        node1:45:53 [0] NCCL INFO AllReduce: 1000 Bytes -> Algo RING proto LL channel{Lo..Hi}={0..0}

        """;

    /// <summary>Two GPUs of one host, NVLink SHARP.</summary>
    public const string V228 = """
        node1:46:46 [0] NCCL INFO NCCL version 2.28.9+cuda12.9
        node1:46:51 [0] NCCL INFO NET/Socket : Using [0]lo:127.0.0.1<0>
        node1:46:51 [0] NCCL INFO Using network Socket
        node1:46:51 [0] NCCL INFO ncclCommInitRankConfig comm 0x55aa rank 0 nranks 2 cudaDev 0 nvmlDev 0 busId 1b000 commId 0x9d0a - Init START
        node1:46:51 [0] NCCL INFO comm 0x55aa rank 0 nRanks 2 nNodes 1 localRanks 2 localRank 0 MNNVL 0
        node1:46:51 [0] NCCL INFO NVLS multicast support is available on dev 0 (NVLS_NCHANNELS 16)
        node1:46:51 [0] NCCL INFO 24 coll channels, 24 collnet channels, 16 nvls channels, 32 p2p channels, 32 p2p channels per peer
        node1:46:51 [0] NCCL INFO ncclCommInitRankConfig comm 0x55aa rank 0 nranks 2 cudaDev 0 nvmlDev 0 busId 1b000 commId 0x9d0a - Init COMPLETE
        node1:46:51 [0] NCCL INFO Init timings - ncclCommInitRankConfig: rank 0 nranks 2 total 0.44 (kernels 0.37, alloc 0.01, bootstrap 0.01, allgathers 0.00, topo 0.02, graphs 0.00, connections 0.02, rest 0.01)
        node1:46:53 [0] NCCL INFO Channel 00/0 : 0[0] -> 1[1] via P2P/CUMEM
        node1:46:53 [0] NCCL INFO Channel 01/0 : 0[0] -> 1[1] via P2P/CUMEM
        node1:46:53 [0] NCCL INFO Connected all rings, use ring PXN 0 GDR 1
        node1:46:46 [0] NCCL INFO AllReduce: 8192 Bytes -> Algo RING proto LL channel{Lo..Hi}={0..0}
        node1:46:46 [0] NCCL INFO AllReduce: 2097152 Bytes -> Algo COLLNET_DIRECT proto SIMPLE channel{Lo..Hi}={0..23}
        node1:46:46 [0] NCCL INFO AllReduce [Symmetric]: 8192 Bytes -> Kernel AllReduce_RSxLDMC_AGxSTMC nchannels 8 nthreads 512 nWorks 1
        node1:46:54 [0] NCCL INFO Channel 00/1 : 0[0] -> 1[1] via P2P/CUMEM

        """;

    /// <summary>Copy engines, a warning with its function, another form for shared memory.</summary>
    public const string V230 = """
        node1:47:47 [0] NCCL INFO NCCL version 2.30.7+cuda13.1
        node1:47:47 [0] NCCL INFO [Rank 0] ncclCommInitRankConfig comm 0x55aa rank 0 nranks 4 cudaDev 0 nvmlDev 0 busId 1b000 commId 0x9d0a - Init START
        node1:47:47 [0] NCCL INFO NET/IB : Using [0]mlx5_0:1:0:1/IB [1]mlx5_1:1/RoCE [RO]; OOB eth0:192.0.2.1<0>
        node1:47:47 [0] NCCL INFO Using network IB
        node1:47:47 [0] NCCL INFO Channel 00 : 0[0] -> 1[1] via SHM/direct
        node1:47:47 [0] NCCL INFO AllGather [Copy Engine]: 4096 Bytes -> cudaMemcpy; CE synchronization with NVLS
        node1:47:47 [0] NCCL INFO AlltoAll [Hierarchical CE]: 8192 Bytes -> RMA proxy + CE
        node1:47:47 [0] NCCL INFO ReduceScatter: tuner chunk size 524288 exceeds buffer max 131072, clamping
        [2026-01-02 03:04:05] node1:47:47 [0] transport/net.cc:12 (sendSetup) NCCL WARN no memory

        """;
}
