using Nperf.Core.Results;

namespace Nperf.Testing;

/// <summary>A run that never was, which tests vary with <c>with</c>: two ranks on one machine, all options at their defaults.</summary>
internal static class SampleRun
{
    /// <summary>Its document, without results.</summary>
    public static ResultsDocument Document { get; } = new()
    {
        Version = "0.1.0",
        StartedAt = DateTimeOffset.UnixEpoch,
        Config = new ConfigSection
        {
            Mode = "local",
            Backend = "host",
            Transport = "auto",
            Operation = "allreduce",
            DataType = "float32",
            ReduceOp = "sum",
            Root = "0",
            NumGpus = 2,
            MinBytes = 1024,
            MaxBytes = 1 << 24,
            Iterations = 20,
            WarmupIterations = 5,
            Seconds = 0,
            OmitSeconds = 0,
            Cycles = 1,
            Verify = "once",
            Algorithm = "auto",
            Protocol = "auto",
            InPlace = "no",
            Split = null,
            GraphLaunches = 0,
            Aggregate = 1,
            Register = "none",
            CtaPolicy = "default",
            Sync = "none",
        },
        Results = [],
        Transports = "memory",
        Processes = [new ProcessSection { Host = "node1", ProcessId = 1, Address = "local", Ranks = [0, 1], Gpus = null }],
        Topology = new TopologySection { Gpus = [], Links = [] },
        Environment = new EnvironmentSection
        {
            Hostname = "node1",
            OperatingSystem = "Linux",
            Processor = "a processor",
            ProcessorCount = 2,
            Variables = new Dictionary<string, string>(),
        },
        Notes = [],
    };

    /// <summary>What it measured for a size of float32: every iteration took <paramref name="time"/> microseconds.</summary>
    public static SizeResult Size(long bytes = 1024, double time = 1) => new()
    {
        Bytes = bytes,
        RequestedBytes = bytes,
        Count = bytes / 4,
        Operation = "allreduce",
        DataType = "float32",
        ReduceOp = "sum",
        Root = null,
        Cycle = 1,
        Algorithm = "ring",
        Iterations = 20,
        EnqueueUs = time / 10,
        TimeUs = Times(time),
        Bandwidth = bytes / time / 1e3,
        BusBandwidth = bytes / time / 1e3,
        Wrong = 0,
        SlowestRank = 0,
        Ranks = [],
    };

    /// <summary>Times that are all alike, microseconds.</summary>
    public static TimeStatistics Times(double time) => new()
    {
        Avg = time,
        Min = time,
        Max = time,
        Stddev = 0,
        P50 = time,
        P95 = time,
        P99 = time,
        Samples = 40,
    };
}
