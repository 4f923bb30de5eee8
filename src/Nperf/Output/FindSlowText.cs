using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>How find-slow went, its verdict, and what to try next.</summary>
internal static class FindSlowText
{
    private const int MostRanksNamed = 8;

    public static IEnumerable<string> Lines(FindSlowSection search, bool verbose)
    {
        yield return "";
        yield return "find-slow";
        yield return $"  suspicious pairs  {(search.Suspects.Count == 0 ? "none" : $"of rank {Ranks(search.Suspects)}")}";
        foreach (FindSlowStep step in search.Steps.Where(step => verbose || step.Kind != "confirm"))
        {
            yield return $"  {step.Kind,-17} ranks {Ranks(step.Ranks)}: {NumberFormat.Time(step.TimeUs)} us, "
                + $"{NumberFormat.Bandwidth(step.Bandwidth)} GB/s{(step.Slow ? $", slow: {NumberFormat.Time(step.ExpectedUs)} us at most were expected" : "")}";
        }

        yield return $"  verdict           {search.Summary}";
        foreach (OutlierSection one in search.Slow) yield return $"slow: {PairsText.Line(one)}";
        foreach (string step in search.NextSteps) yield return $"next: {step}";
    }

    private static string Ranks(IReadOnlyList<int> ranks) => ranks.Count <= MostRanksNamed
        ? string.Join(',', ranks)
        : $"{string.Join(',', ranks.Take(MostRanksNamed))} and {ranks.Count - MostRanksNamed} more";
}
