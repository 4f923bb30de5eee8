namespace Nperf.Core.Liveness;

/// <summary>
/// Who holds up the others in a run that stands still. Not who waits: of a chain of ranks that wait for each other's data,
/// its end.
/// </summary>
/// <param name="Culprits">The ranks that others wait for, ascending; none where all are in the same thing and nobody is ahead.</param>
/// <param name="Text">Which ranks are where, for people: the culprits last.</param>
internal sealed record StallVerdict(IReadOnlyList<int> Culprits, string Text)
{
    private const int MostGroups = 4;

    /// <summary>The verdict over <paramref name="ranks"/>: all that anything is known of.</summary>
    public static StallVerdict Of(IReadOnlyList<RankReport> ranks)
    {
        RankReport[] culprits = Culpable(ranks);
        if (culprits.Length == ranks.Count) culprits = [];
        return new StallVerdict(
            [.. culprits.Select(report => report.Rank).Order()],
            string.Join("; ", Groups(ranks.Except(culprits)).Concat(Groups(culprits))));
    }

    private static RankReport[] Culpable(IReadOnlyList<RankReport> ranks)
    {
        // Busy with something of its own that does not get on.
        RankReport[] busy = [.. ranks.Where(report => report.Position is { IsAtMeeting: false, IsTogether: false })];
        if (busy.Length > 0) return busy;

        // Within an operation, all others having come to its end; or in an earlier one than they.
        RankReport[] together = [.. ranks.Where(report => report.Position.IsTogether)];
        if (together.Length == 0) return EarliestOf(ranks);
        RankReport[] first = EarliestOf(together);
        if (first.Length < together.Length && first.All(report => report.Position.WaitsFor == RankPosition.Nobody)) return first;

        // Who others wait for, and who waits for nobody.
        RankReport[] awaited = [.. together.Where(report =>
            report.Position.WaitsFor == RankPosition.Nobody && together.Any(other => other.Position.WaitsFor == report.Rank))];
        return awaited.Length > 0 ? awaited : first;
    }

    private static RankReport[] EarliestOf(IReadOnlyList<RankReport> ranks)
    {
        if (ranks.Count == 0) return [];
        int earliest = ranks.Min(report => report.Position.Number);
        RankReport[] behind = [.. ranks.Where(report => report.Position.Number == earliest)];
        if (behind.Length < ranks.Count) return behind;
        long fewest = ranks.Min(report => report.Position.Iterations);
        return [.. ranks.Where(report => report.Position.Iterations == fewest)];
    }

    private static IEnumerable<string> Groups(IEnumerable<RankReport> ranks)
    {
        var groups = ranks.GroupBy(report => report.Position.Describe()).ToList();
        foreach (IGrouping<string, RankReport> group in groups.Take(MostGroups))
        {
            string[] hosts = [.. group.Select(report => report.Process.Host).Distinct()];
            string where = hosts.Length == 1 ? $" on {hosts[0]}" : "";
            string names = RankNames.Of([.. group.Select(report => report.Rank).Order()]);
            yield return $"{names}{where} {(group.Count() == 1 ? "is" : "are")} {group.Key}";
        }

        int more = groups.Skip(MostGroups).Sum(group => group.Count());
        if (more > 0) yield return $"{more} more elsewhere";
    }
}
