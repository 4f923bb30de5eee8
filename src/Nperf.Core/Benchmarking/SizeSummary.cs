using Nperf.Core.Data;
using Nperf.Core.Results;
using Nperf.Core.Statistics;

namespace Nperf.Core.Benchmarking;

/// <summary>Makes the result of a size from every rank's measurement.</summary>
internal static class SizeSummary
{
    public static SizeResult Of(
        SectionPlan section, int cycle, long requestedBytes, long count, int worldSize, CollectiveChoice choice,
        IReadOnlyList<RankMeasurement> ranks)
    {
        long bytes = section.Collective.Bytes(count, section.DataType.Size(), worldSize);
        double average = ranks.Average(rank => rank.CompleteUs / rank.Iterations);
        double bandwidth = section.Collective.HasData && average > 0 ? bytes / average / 1e3 : 0;
        return new SizeResult
        {
            Bytes = bytes,
            RequestedBytes = requestedBytes,
            Count = count,
            Operation = section.Collective.Name,
            DataType = section.DataType.Name(),
            ReduceOp = section.ReduceOpName,
            Root = section.RootOrNull,
            InPlace = section.InPlace,
            Cycle = cycle,
            Algorithm = choice.Algorithm,
            Protocol = choice.Protocol,
            Channels = choice.Channels,
            Iterations = ranks[0].Iterations,
            EnqueueUs = ranks.Average(rank => rank.EnqueueUs / rank.Iterations),
            TimeUs = TimeSummary.Of(average, ranks.SelectMany(rank => rank.SamplesUs).ToArray()),
            BlocksUs = TimeBlocks.Of([.. ranks.Select(rank => rank.SamplesUs)]),
            Bandwidth = bandwidth,
            BusBandwidth = worldSize > 1 ? bandwidth * section.Collective.BusFactor(worldSize) : 0,
            Wrong = ranks[0].Wrong is null ? null : ranks.Sum(rank => rank.Wrong ?? 0),
            SlowestRank = ranks.MaxBy(OwnUs)!.Rank,
            Ranks = ranks.Select(RankResultOf).ToArray(),
        };
    }

    private static double OwnUs(RankMeasurement rank) => rank.OwnUs / rank.Iterations;

    private static RankResult RankResultOf(RankMeasurement rank) => new()
    {
        Rank = rank.Rank,
        TimeUs = TimeSummary.Of(OwnUs(rank), rank.SamplesUs.ToArray()),
        Wrong = rank.Wrong,
        FirstWrong = rank.FirstWrong,
        PeakMemoryBytes = rank.PeakMemoryBytes,
    };
}
