using Nperf.Core.Data;
using Nperf.Core.Results;
using Nperf.Core.Statistics;

namespace Nperf.Core.Benchmarking;

/// <summary>Makes the result of a size from every rank's measurement.</summary>
internal static class SizeSummary
{
    /// <summary>Up to so many ranks all processes have the figures of all.</summary>
    public const int MostRanksTold = 512;

    private const int MostWrongTold = 16;

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

    /// <summary>
    /// What the other processes are told of <paramref name="result"/>: of more than <see cref="MostRanksTold"/> ranks only those
    /// that a table shows. All ranks told to all would be a gigabyte a size with 2,000 of them.
    /// </summary>
    public static SizeResult ForOthers(SizeResult result)
    {
        if (result.Ranks.Count <= MostRanksTold) return result;
        long most = result.Ranks.Max(rank => rank.PeakMemoryBytes);
        return result with
        {
            Ranks =
            [
                .. result.Ranks.Where(rank => rank.Wrong > 0).Take(MostWrongTold)
                    .Append(result.Ranks.First(rank => rank.Rank == result.SlowestRank))
                    .Append(result.Ranks.First(rank => rank.PeakMemoryBytes == most))
                    .DistinctBy(rank => rank.Rank).OrderBy(rank => rank.Rank),
            ],
        };
    }

    private static double OwnUs(RankMeasurement rank) => rank.OwnUs / rank.Iterations;

    private static RankResult RankResultOf(RankMeasurement rank) => new()
    {
        Rank = rank.Rank,
        TimeUs = TimeSummary.Of(OwnUs(rank), rank.SamplesUs.ToArray()),
        Waiting = rank.Waiting,
        Wrong = rank.Wrong,
        FirstWrong = rank.FirstWrong,
        PeakMemoryBytes = rank.PeakMemoryBytes,
    };
}
