using System.Globalization;

namespace Nperf.Core.Liveness;

/// <summary>Ranks for people: <c>rank 3</c>, <c>ranks 0-2 and 5</c>.</summary>
internal static class RankNames
{
    private const int MostRuns = 8;

    /// <param name="ranks">In ascending order.</param>
    public static string Of(IReadOnlyList<int> ranks)
    {
        var runs = new List<(int First, int Last)>();
        foreach (int rank in ranks)
        {
            if (runs.Count > 0 && runs[^1].Last == rank - 1) runs[^1] = (runs[^1].First, rank);
            else runs.Add((rank, rank));
        }

        string[] texts = [.. runs.Take(MostRuns).Select(Text)];
        string noun = ranks.Count == 1 ? "rank" : "ranks";
        if (runs.Count > MostRuns) return $"{noun} {string.Join(", ", texts)} and others";
        return texts.Length == 1 ? $"{noun} {texts[0]}" : $"{noun} {string.Join(", ", texts[..^1])} and {texts[^1]}";
    }

    private static string Text((int First, int Last) run) => run.First == run.Last
        ? run.First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{run.First}-{run.Last}");
}
