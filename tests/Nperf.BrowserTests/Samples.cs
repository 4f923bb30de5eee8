using Nperf.Core.Results;
using Nperf.Reports;
using Nperf.Testing;

namespace Nperf.BrowserTests;

/// <summary>Documents of runs, with figures that are all different.</summary>
internal static class Samples
{
    public static ResultsDocument Run(
        double speed = 1, int sizes = 12, string host = "node1", string operation = "allreduce", int ranks = 8) => SampleRun.Document with
        {
            StartedAt = new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero),
            Config = SampleRun.Document.Config with
            {
                Backend = "nccl",
                Operation = operation,
                NumGpus = ranks,
                MaxBytes = 1024L << (sizes - 1),
            },
            Results = [.. Enumerable.Range(0, sizes).Select(size => Result(1024L << size, speed, operation, ranks))],
            Transports = null,
            Nccl = new NcclSection
            {
                Network = "IB",
                NetworkDevices = ["mlx5_0:1/IB"],
                Channels = 24,
                Connections = [new ConnectionSection { From = 0, To = 1, Transport = "P2P/CUMEM", SendRecv = false, Channels = 24 }],
            },
            Processes = [new ProcessSection { Host = host, ProcessId = 4711, Address = "local", Ranks = [.. Enumerable.Range(0, ranks)], Gpus = [.. Enumerable.Range(0, ranks).Select(Uuid)] }],
            Topology = new TopologySection
            {
                Gpus = [.. Enumerable.Range(0, ranks).Select(id => Gpu(host, id))],
                Links = [.. from one in Enumerable.Range(0, ranks) from other in Enumerable.Range(one + 1, ranks - one - 1) select Link(host, one, other)],
            },
            Environment = SampleRun.Document.Environment with
            {
                Hostname = host,
                OperatingSystem = "Debian GNU/Linux 12",
                ProcessorCount = 64,
                NcclVersion = "2.30.7",
                Variables = new Dictionary<string, string> { ["NCCL_DEBUG"] = "WARN" },
            },
            Notes = ["p99 is the maximum where there are fewer than 100 samples; -i or -t for more"],
            Expectations = [new ExpectationSection { Expectation = "busbw >= 1", Met = true, Checked = sizes, Failures = [] }],
        };

    /// <summary>The run with its pairs measured; the first rank sends slowly.</summary>
    public static ResultsDocument WithPairs(int ranks = 8) => Run() with
    {
        Stragglers = [new StragglerSection { Rank = 0, Host = "node1", Lost = 0.3, Blocks = 32, Late = 30, Sending = true }],
        Pairs = new PairsSection
        {
            Bytes = 4 << 20,
            LatencyBytes = 8,
            Rounds = ranks - 1,
            RoundsDone = ranks - 1,
            Links = [.. from one in Enumerable.Range(0, ranks) from other in Enumerable.Range(0, ranks) where one != other select Pair(one, other)],
            Classes = [new PairClass { Class = "nvlink", Links = ranks * (ranks - 1), Bandwidth = 370, LatencyUs = 9 }],
            Outliers = [new OutlierSection
            {
                Kind = "rank", Ranks = [0], Host = "node1", Gpu = "GPU 0 (GPU-0)", Nic = null, Direction = "send", Metric = "bandwidth", Ratio = 0.5,
                Evidence = "sends at 185 GB/s, where 370 are typical",
            }],
        },
    };

    public static string Page(params ResultsDocument[] documents) =>
        ReportPage.Build(ReportRun.Of([.. documents.Select((document, index) => ($"run{index}.json", document))])).Text;

    public static SizeResult Result(long bytes, double speed, string operation = "allreduce", int ranks = 8, int cycle = 1)
    {
        double us = (20 + (bytes / 2e5)) / speed * (1 + (cycle / 64.0));
        return SampleRun.Size(bytes, us) with
        {
            Operation = operation,
            Cycle = cycle,
            Algorithm = bytes < 65536 ? "tree" : "ring",
            Protocol = bytes < 65536 ? "ll" : "simple",
            Channels = 24,
            EnqueueUs = 2,
            TimeUs = Times(us),
            BusBandwidth = 1.75 * bytes / us / 1e3,
            SlowestRank = 3,
            Ranks = [.. Enumerable.Range(0, ranks).Select(rank => new RankResult { Rank = rank, TimeUs = Times(us * (rank == 3 ? 1.25 : 1)), Wrong = 0, PeakMemoryBytes = 1 << 20 })],
        };
    }

    private static PairLink Pair(int from, int to) => new()
    {
        From = from,
        To = to,
        Class = "nvlink",
        Bandwidth = from == 0 ? 185 + to : 368 + (from / 2.0) + (to / 10.0),
        TimeUs = 11,
        LatencyUs = 9 + (to / 8.0),
        Wrong = 0,
    };

    private static TimeStatistics Times(double us) =>
        SampleRun.Times(us) with { Min = us * 0.8, Max = us * 1.5, Stddev = us / 10, P50 = us * 0.99, P95 = us * 1.2, P99 = us * 1.4, Samples = 160 };

    private static string Uuid(int id) => $"GPU-{id}";

    private static GpuSection Gpu(string host, int id) => new()
    {
        Host = host,
        Id = id,
        Name = "NVIDIA H200",
        Uuid = Uuid(id),
        PciBusId = $"0000:{id + 16:x2}:00.0",
        PciPath = null,
        NumaNode = id / 4,
        CpuAffinity = null,
        NvLinks = 18,
    };

    private static LinkSection Link(string host, int from, int to) => new() { Host = host, From = from, To = to, Type = "NVLink", Count = 18, Bandwidth = 450, ViaSwitch = true };
}
