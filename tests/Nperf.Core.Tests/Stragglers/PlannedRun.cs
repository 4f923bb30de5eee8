using Nperf.Core.Benchmarking;
using Nperf.Core.Results;
using Nperf.Core.Stragglers;
using Nperf.Core.Tests.Rendezvous;
using Nperf.Testing;

namespace Nperf.Core.Tests.Stragglers;

/// <summary>Blocks of time as ranks would have recorded them, without any run.</summary>
internal static class PlannedRun
{
    /// <summary>How long a block takes, microseconds.</summary>
    public const double BlockUs = 20_000;

    /// <summary>The verdict of a run of so many sizes; <paramref name="busy"/> and <paramref name="sending"/> are parts of the time, by rank.</summary>
    public static IReadOnlyList<StragglerSection>? Judge(
        int ranks, int sizes, Func<int, double> busy, Func<int, double>? sending = null, IReadOnlyList<int>? peers = null) =>
        StragglerTest.Of([.. Enumerable.Range(0, sizes).Select(_ => Size(ranks, busy, sending, peers))], PlannedProcess.World(ranks));

    private static SizeResult Size(
        int ranks, Func<int, double> busy, Func<int, double>? sending, IReadOnlyList<int>? peers)
    {
        WaitBlock[][] blocks = [.. Enumerable.Range(0, ranks).Select(rank => Blocks(() => busy(rank), () => sending?.Invoke(rank) ?? 0))];
        return SampleRun.Size() with { Lateness = SizeLateness.Of(blocks, peers ?? new int[ranks]) };
    }

    private static WaitBlock[] Blocks(Func<double> busy, Func<double> sending) =>
    [
        .. Enumerable.Range(0, SizeLateness.MostBlocks).Select(_ =>
        {
            double sent = BlockUs * sending();
            return new WaitBlock(BlockUs, Math.Max(0, BlockUs - sent - (BlockUs * busy())), sent);
        }),
    ];
}
