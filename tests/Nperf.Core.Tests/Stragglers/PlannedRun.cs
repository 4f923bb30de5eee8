using Nperf.Core.Benchmarking;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;
using Nperf.Core.Stragglers;

namespace Nperf.Core.Tests.Stragglers;

/// <summary>Blocks of time as ranks would have recorded them, without any run.</summary>
internal static class PlannedRun
{
    /// <summary>How long a block takes, microseconds.</summary>
    public const double BlockUs = 20_000;

    /// <summary>The verdict of a run of so many sizes; <paramref name="busy"/> and <paramref name="sending"/> are parts of the time, by rank.</summary>
    public static IReadOnlyList<StragglerSection>? Judge(
        int ranks, int sizes, Func<int, double> busy, Func<int, double>? sending = null, IReadOnlyList<int>? peers = null) =>
        StragglerTest.Of([.. Enumerable.Range(0, sizes).Select(_ => Size(ranks, busy, sending, peers))], World(ranks));

    private static SizeResult Size(
        int ranks, Func<int, double> busy, Func<int, double>? sending, IReadOnlyList<int>? peers)
    {
        WaitBlock[][] blocks = [.. Enumerable.Range(0, ranks).Select(rank => Blocks(() => busy(rank), () => sending?.Invoke(rank) ?? 0))];
        return new SizeResult
        {
            Bytes = 1024,
            RequestedBytes = 1024,
            Count = 256,
            Operation = "allreduce",
            DataType = "float32",
            ReduceOp = "sum",
            Root = null,
            Cycle = 1,
            Algorithm = null,
            Iterations = 1,
            EnqueueUs = 0,
            TimeUs = new TimeStatistics { Avg = 1, Min = 1, Max = 1, Stddev = 0, P50 = 1, P95 = 1, P99 = 1, Samples = 1 },
            Bandwidth = 1,
            BusBandwidth = 1,
            Wrong = 0,
            SlowestRank = 0,
            Ranks = [],
            Lateness = SizeLateness.Of(blocks, peers ?? new int[ranks]),
        };
    }

    private static WaitBlock[] Blocks(Func<double> busy, Func<double> sending) =>
    [
        .. Enumerable.Range(0, SizeLateness.MostBlocks).Select(_ =>
        {
            double sent = BlockUs * sending();
            return new WaitBlock(BlockUs, Math.Max(0, BlockUs - sent - (BlockUs * busy())), sent);
        }),
    ];

    private static World World(int ranks) => new(
    [
        .. Enumerable.Range(0, ranks).Select(rank => new ProcessInfo
        {
            Index = rank,
            FirstRank = rank,
            RankCount = 1,
            Host = $"node{rank}",
            MachineId = $"{rank}",
            SharedMemoryId = $"{rank}",
            Processors = "0",
            ProcessId = 1,
            Address = "local",
        }),
    ]);
}
