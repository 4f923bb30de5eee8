using Nperf.Core.NcclBackend;
using Nperf.Core.NcclLog;

namespace Nperf.Fuzz.Targets;

/// <summary>What NCCL writes and answers.</summary>
internal static class NcclTargets
{
    private static readonly string[] Lines =
    [
        "NCCL version 2.28.9+cuda12.9",
        "NET/IB : Using [0]={[0] mlx5_0:1/RoCE, [1] mlx5_1:1/RoCE} [2]mlx5_2:1/IB [RO]; OOB eth0:192.0.2.1<0>",
        "NET/Socket : Using [0]eth0:192.0.2.1<0> [1]eth1:2001:db8::1<0>",
        "Using network IB",
        "Channel 00/02 :    0   1",
        "Channel 00/0 : 0[1b000] -> 1[1c000] via P2P/IPC/read/CE",
        "Channel 00/1 : 0[0] -> 1[1] via P2P/CUMEM",
        "Channel 01 : 0[0] -> 1[1] via SHM/direct/CE",
        "Channel 01/0 : 0[0] -> 8[0] [send] via NET/IB/1(2)/GDRDMA(PCI)/Shared",
        "CollNet 00/0 : 0 [receive] via COLLNET/SHARP/0/GDRDMA",
        "ncclCommInitRankConfig comm 0x55aa rank 0 nranks 2 cudaDev 0 nvmlDev 0 busId 1b000 commId 0x9d0a - Init START",
        "comm 0x55aa rank 0 nRanks 2 nNodes 1 localRanks 2 localRank 0 MNNVL 0",
        "24 coll channels, 24 collnet channels, 16 nvls channels, 32 p2p channels, 32 p2p channels per peer",
        "Init timings - ncclCommInitRank: rank 0 nranks 4 total 1.23 (kernels 0.37, alloc 0.10, rest 0.10)",
        "1024 Bytes -> Algo 1 proto 0 time 12.345000",
        "AllReduce: 8192 Bytes -> Algo RING proto LL channel{Lo..Hi}={0..0}",
        "AllReduce [Symmetric]: 1024 Bytes -> Kernel AllReduce_AGxLL_R nchannels 1 nthreads 512",
        "AllGather [Copy Engine]: 4096 Bytes -> cudaMemcpy; CE synchronization with NVLS",
        "AlltoAll [Hierarchical CE]: 8192 Bytes -> RMA proxy + CE",
    ];

    private static readonly string[] Ras =
    [
        "OK", "NCCL version 2.28.9 compiled with CUDA 13.0", "", "Job summary", "===========", "  Nodes  Processes  GPUs",
        "(total)   per node  per process    (total)  (total)", "      2          4            1          8        8",
        "Communicators... (0.00s)", "=============", "Errors", "======", "Warnings", "========",
        "#0-0 (27a079b828ff1a75) MISMATCH", "  Communicator ranks have different collective operation counts",
    ];

    public static IEnumerable<Target> All { get; } =
    [
        new Target<NcclActivity>("nccl-log", Log, input =>
        {
            NcclActivity activity = NcclLogReader.Read(Read.Text(input));
            var cursor = new NcclChoiceCursor(activity.Choices);
            while (cursor.Next("allreduce", 8192, 2) is not null)
            {
            }

            _ = NcclTransports.Summarise(NcclSections.Of(activity).Connections);
            return activity;
        })
        {
            FixedBytes = 64 << 10,
            BytesPerByte = 1024,
        },
        new Target<string>(
            "nccl-ras",
            random => Prng.Utf8(string.Join('\n', Ras) + "\n" + string.Join('\n', random.Several(6, () => random.Pick(Ras)))),
            input => NcclRas.Read(Read.Text(input), 8) ?? "nothing")
        {
            Holds = (said, _) => said.Length < 1000 && !said.Any(char.IsControl),
        },
        new Target<Boxed<(string Name, int Port)>>(
            "nccl-ras-address",
            random => Prng.Utf8($"{random.Word()}:{random.Below(65536)}"),
            input => NcclRas.NameAndPort(Read.Text(input)) is { } found ? new(found) : null)
        {
            Encode = found => Prng.Utf8($"{found.Value.Name}:{found.Value.Port}"),
        },
        new Target<string>(
            "nccl-log-file",
            random => Prng.Utf8(random.Pick(["/tmp/%h.%p.log", "/tmp/100%%", "%", "%x%h"])),
            input => NcclLogFile.Path(Read.Text(input), "node1.example", 123))
        {
            BytesPerByte = 128,
            Encode = path => Prng.Utf8(NcclLogFile.Value(path)),
        },
    ];

    private static byte[] Log(Prng random) => Prng.Utf8(string.Concat(random.Several(8, () => Line(random))));

    private static string Line(Prng random)
    {
        string origin = $"node1:{random.Below(99999)}:{random.Below(99999)} [{random.Below(8)}]";
        return random.OneIn(8)
            ? $"[2026-01-02 03:04:05] {origin} misc/socket.cc:58 NCCL WARN {random.Word()}\n"
            : $"{origin} NCCL INFO {random.Pick(Lines)}\n";
    }
}
