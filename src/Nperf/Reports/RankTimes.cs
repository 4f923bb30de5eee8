using Nperf.Core.Results;

namespace Nperf.Reports;

/// <summary>What each rank of a run took, for each result of a group.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="All">How many ranks there were.</param>
/// <param name="Results">The results.</param>
/// <param name="Ranks">The ranks; where there are more than <see cref="Most"/>, those that took longest.</param>
internal sealed record RankTimes(string Run, int All, IReadOnlyList<RankTimesResult> Results, IReadOnlyList<RankTimesRank> Ranks)
{
    /// <summary>The most ranks that a page lists.</summary>
    public const int Most = 128;

    /// <summary>Those of <paramref name="run"/>, or null where it has no two ranks.</summary>
    public static RankTimes? Of(RunResults run)
    {
        int[] ranks = [.. run.Results.SelectMany(result => result.Ranks, (_, rank) => rank.Rank).Distinct().Order()];
        if (ranks.Length < 2) return null;
        bool hasCycles = run.Results.Any(result => result.Cycle > 1);
        Dictionary<int, TimeStatistics>[] times =
            [.. run.Results.Select(result => result.Ranks.DistinctBy(rank => rank.Rank).ToDictionary(rank => rank.Rank, rank => rank.TimeUs))];
        int[] listed = ranks.Length <= Most ? ranks : [.. ranks.OrderByDescending(Excess).Take(Most).Order()];
        return new RankTimes(
            run.Run.Name, ranks.Length,
            [.. run.Results.Select(result => new RankTimesResult(
                ReportPage.Size(result.Bytes) + (hasCycles ? $", cycle {result.Cycle}" : ""), result.SlowestRank))],
            [.. listed.Select(rank => new RankTimesRank(rank, run.Run.PlaceOf(rank), [.. times.Select(of => Figures(of.GetValueOrDefault(rank)))]))]);

        double Excess(int rank) => run.Results.Zip(times).Max(one => one.Second.TryGetValue(rank, out TimeStatistics? time) ? time.Avg / one.First.TimeUs.Avg : 0);
    }

    /// <summary>The rank that took longest most often, and in how many of the results.</summary>
    public (int Rank, int Times) Slowest()
    {
        IGrouping<int, RankTimesResult> most = Results.GroupBy(result => result.Slowest).MaxBy(group => group.Count())!;
        return (most.Key, most.Count());
    }

    private static IReadOnlyList<double>? Figures(TimeStatistics? time) =>
        time is null || !double.IsFinite(time.Avg + time.Min + time.P99) ? null
        : [double.Round(time.Avg, 3), double.Round(time.Min, 3), double.Round(time.P99, 3)];
}

/// <summary>A result of <see cref="RankTimes"/>.</summary>
/// <param name="Name">Its size, and its cycle where there are several.</param>
/// <param name="Slowest">The rank with the longest average time.</param>
internal sealed record RankTimesResult(string Name, int Slowest);

/// <summary>A rank of <see cref="RankTimes"/>.</summary>
/// <param name="Rank">Its number.</param>
/// <param name="Place">Its host and GPU.</param>
/// <param name="Us">A result each: average, shortest and 99th percentile in microseconds; null where it has none.</param>
internal sealed record RankTimesRank(int Rank, string Place, IReadOnlyList<IReadOnlyList<double>?> Us);
