namespace Nperf.Core.NcclLog;

/// <summary>Two ranks, the lower first, or a rank and the network's switch.</summary>
internal readonly record struct RankPair(int First, int? Second) : IComparable<RankPair>
{
    /// <summary>More pairs than these are counted, not listed.</summary>
    private const int MostListed = 32;

    /// <summary>The pair of <paramref name="from"/> and <paramref name="to"/>, one of which may be the switch.</summary>
    public static RankPair Of(int? from, int? to) => (from, to) switch
    {
        ({ } one, { } other) => new RankPair(Math.Min(one, other), Math.Max(one, other)),
        _ => new RankPair(from ?? to ?? 0, null),
    };

    /// <summary>Which pairs: <c>ranks 0-1 1-2</c>, or <c>ranks 0-7, every pair</c> where all of them are connected.</summary>
    public static string Text(IReadOnlyList<RankPair> pairs)
    {
        if (pairs.All(pair => pair.Second is null))
            return $"the switch and rank{(pairs.Count == 1 ? "" : "s")} {Ranges([.. pairs.Select(pair => pair.First)])}";
        int[] ranks = [.. pairs.SelectMany(pair => new[] { pair.First, pair.Second ?? pair.First }).Distinct().Order()];
        bool isEveryPair = ranks.Length > 2 && pairs.Count == (long)ranks.Length * (ranks.Length - 1) / 2;
        if (isEveryPair && pairs.All(pair => pair.Second is not null)) return $"ranks {Ranges(ranks)}, every pair";
        string listed = string.Join(' ', pairs.Take(MostListed));
        return pairs.Count <= MostListed ? $"ranks {listed}" : $"ranks {listed} and {pairs.Count - MostListed} pairs more";
    }

    /// <inheritdoc/>
    public int CompareTo(RankPair other) =>
        (First, Second ?? int.MaxValue).CompareTo((other.First, other.Second ?? int.MaxValue));

    /// <inheritdoc/>
    public override string ToString() => Second is { } second ? $"{First}-{second}" : $"{First}";

    // 0-3,8: ascending numbers, neighbours joined.
    private static string Ranges(int[] numbers)
    {
        var ranges = new List<string>();
        for (int first = 0, i = 0; i < numbers.Length; i++)
        {
            if (i + 1 < numbers.Length && numbers[i + 1] == numbers[i] + 1) continue;
            ranges.Add(first == i ? $"{numbers[i]}" : $"{numbers[first]}-{numbers[i]}");
            first = i + 1;
        }

        return string.Join(',', ranges);
    }
}
