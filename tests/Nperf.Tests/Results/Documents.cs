using Nperf.Core.Results;
using Nperf.Testing;

namespace Nperf.Tests.Results;

/// <summary>Documents as runs make them.</summary>
internal static class Documents
{
    public static readonly string SchemaPath = Path.Combine(Checkout.Folder, "docs", "results.schema.json");

    public static ResultsDocument Complete(params SizeResult[] results) => SampleRun.Document with
    {
        StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
        Config = SampleRun.Document.Config with
        {
            Mode = "server",
            Operation = "allreduce,barrier",
            MaxBytes = 1 << 20,
            InPlace = "both",
            Split = "mod:2",
        },
        Results = results,
        Transports = "tcp",
        Processes =
        [
            new ProcessSection { Host = "node1", ProcessId = 11, Address = "192.0.2.1", Ranks = [0], Gpus = null },
            new ProcessSection { Host = "node2", ProcessId = 12, Address = "2001:db8::2", Ranks = [1], Gpus = ["GPU-1"], Interfaces = [new("eth1", "10.1.0.2")] },
        ],
        Environment = SampleRun.Document.Environment with
        {
            ProcessorCount = 8,
            TcpCongestionControl = "cubic",
            Variables = new Dictionary<string, string> { ["NCCL_DEBUG"] = "INFO" },
        },
        Notes = ["p99 is the maximum where fewer than 100 iterations were timed"],
    };

    public static SizeResult Size(
        long bytes = 1 << 20, double time = 123.4, int ranks = 2, long? wrong = 0, string operation = "allreduce",
        string? reduceOp = "sum", int? root = null, int slowest = 0) => SampleRun.Size(bytes, time) with
        {
            Operation = operation,
            ReduceOp = reduceOp,
            Root = root,
            TimeUs = Times(time),
            Wrong = wrong,
            SlowestRank = slowest,
            Ranks =
            [
                .. Enumerable.Range(0, ranks).Select(rank => new RankResult
                {
                    Rank = rank,
                    TimeUs = Times(rank == slowest ? time * 1.2 : time),
                    Wrong = rank == 0 ? wrong : wrong is null ? null : 0,
                    FirstWrong = rank == 0 && wrong > 0 ? new WrongElement(17, "6", "0") : null,
                    PeakMemoryBytes = 50_000_000 + rank,
                }),
            ],
        };

    public static NcclSection Nccl { get; } = new()
    {
        Network = "IB",
        NetworkDevices = ["mlx5_0:1/IB", "mlx5_1:1/IB"],
        Nodes = 2,
        Channels = 24,
        NvlsChannels = 16,
        P2pChannels = 32,
        InitMs = 440,
        Connections =
        [
            new ConnectionSection { From = 0, To = 1, Transport = "P2P/CUMEM", SendRecv = false, Channels = 24 },
            new ConnectionSection { From = 1, To = 0, Transport = "P2P/CUMEM", SendRecv = false, Channels = 24 },
            new ConnectionSection
            {
                From = 1, To = 2, Transport = "NET/IB/GDRDMA", SendRecv = true, Channels = 2, Devices = [0, 1],
            },
            new ConnectionSection { From = 0, To = null, Transport = "COLLNET/SHARP", SendRecv = false, Channels = 4 },
        ],
        Warnings = ["no memory"],
    };

    public static SizeResult Barrier(double time = 12.3) =>
        Size(0, time, operation: "barrier", reduceOp: null, wrong: null) with { Bandwidth = 0, BusBandwidth = 0 };

    private static TimeStatistics Times(double time) => SampleRun.Times(time) with
    {
        Min = time * 0.9,
        Max = time * 1.5,
        Stddev = 1,
        P95 = time * 1.2,
        P99 = time * 1.5,
    };

    /// <summary>Two pairs of ranks on two hosts, the second of which sends slowly.</summary>
    public static PairsSection Pairs { get; } = new()
    {
        Bytes = 4 << 20,
        LatencyBytes = 8,
        Rounds = 1,
        RoundsDone = 1,
        Links = [Link(0, 1, 0.125), Link(1, 0, 0.0625)],
        Classes = [new PairClass { Class = "network", Links = 2, Bandwidth = 0.09375, LatencyUs = 25 }],
        Outliers = [Slow],
    };

    /// <summary>What found it.</summary>
    public static FindSlowSection FindSlow { get; } = new()
    {
        Verdict = "slow",
        Summary = "rank 1 on node2 is slow",
        Suspects = [1],
        Core = [0],
        Steps = [new FindSlowStep { Kind = "confirm", Ranks = [0, 1], Added = [1], TimeUs = 67108.9, Bandwidth = 0.0625, ExpectedUs = 38000, Slow = true }],
        Slow = [Slow],
        NextSteps = ["look at the network adapter of node2"],
    };

    private static OutlierSection Slow => new()
    {
        Kind = "rank",
        Ranks = [1],
        Host = "node2",
        Gpu = null,
        Nic = "eth1",
        Direction = "send",
        Metric = "bandwidth",
        Ratio = 0.5,
        Evidence = "sends at 0.063 GB/s, where 0.125 are typical",
    };

    private static PairLink Link(int from, int to, double bandwidth) => new()
    {
        From = from,
        To = to,
        Class = "network",
        Bandwidth = bandwidth,
        TimeUs = (4 << 20) / bandwidth / 1e3,
        LatencyUs = 25,
        Wrong = 0,
    };
}
