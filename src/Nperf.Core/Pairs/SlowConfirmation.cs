using System.Globalization;
using Nperf.Core.Results;

namespace Nperf.Core.Pairs;

/// <summary>
/// Measures what is suspicious again before it is named: it exchanges with a good rank, and beside it two good ranks do,
/// in turns and with others each time.
/// </summary>
internal sealed class SlowConfirmation(RingLoad load, PairPlaces places, IReadOnlyList<int> good)
{
    private const int Tries = 3;

    /// <summary>Slow is what takes longer than good ranks by this factor.</summary>
    public const double LeastFactor = 1 / (1 - SlowEffect.LeastLossOfRank);

    /// <summary>The outlier with the evidence of this; null where it is not confirmed.</summary>
    /// <param name="outlier">What is suspicious among links of a class.</param>
    /// <param name="link">That class.</param>
    public OutlierSection? Of(OutlierSection outlier, string link)
    {
        double? factor = Factor(attempt => Choose(outlier, link, attempt), outlier.Ranks);
        return factor is null ? null : outlier with { Evidence = $"{outlier.Evidence}; {Sentence(factor.Value)}" };
    }

    /// <summary>The same for a rank that slows a ring: it with <paramref name="core"/>, and good ranks in its place.</summary>
    public OutlierSection? OfRing(int rank, IReadOnlyList<int> core)
    {
        if (Factor(_ => ([.. core.Skip(1), rank], [.. core]), [rank]) is not { } factor) return null;
        return new OutlierSection
        {
            Kind = "rank",
            Ranks = [rank],
            Host = places.HostOf(rank),
            Gpu = places.GpuOf(rank),
            Nic = places.NicOf(rank),
            Direction = "both",
            Metric = "bandwidth",
            Ratio = 1 / factor,
            Evidence = $"its pairs are good, but {Sentence(factor)}",
        };
    }

    private static string Sentence(double factor) => string.Create(
        CultureInfo.InvariantCulture, $"exchanges with it take {factor:F1} times as long as without, at best of {Tries} tries");

    /// <summary>
    /// By how much the rings of suspects take longer than the others, the best of each; null where that is too little. What else
    /// goes on makes a ring slower, never faster.
    /// </summary>
    private double? Factor(Func<int, (int[] Suspects, int[] Others)?> choose, IReadOnlyList<int> suspects)
    {
        double best = double.PositiveInfinity, others = double.PositiveInfinity;
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            if (choose(attempt) is not var (suspicious, good)) return null;
            best = Math.Min(best, load.Of("confirm", suspicious, suspects, LeastFactor));
            others = Math.Min(others, load.Of("confirm", good, [], LeastFactor));
        }

        return best / others >= LeastFactor ? best / others : null;
    }

    /// <summary>Two ranks one of which is suspicious, or both; and two good ones with a link of the same class.</summary>
    private (int[] Suspects, int[] Others)? Choose(OutlierSection outlier, string link, int attempt)
    {
        int one = outlier.Ranks[attempt % outlier.Ranks.Count];
        int[] partners = outlier.Kind == "pair"
            ? [.. outlier.Ranks.Where(rank => rank != one)]
            : Like(one, link, good) is { Length: > 0 } reliable ? reliable : Like(one, link, outlier.Ranks);
        if (partners.Length == 0) return null;
        int partner = partners[attempt % partners.Length];
        foreach (int first in good.Contains(partner) ? [partner, .. good] : good)
        {
            int[] seconds = Like(first, link, good);
            if (seconds.Length > 0) return ([one, partner], [first, seconds[attempt % seconds.Length]]);
        }

        return null;
    }

    private int[] Like(int rank, string link, IReadOnlyList<int> among) =>
        [.. among.Where(other => other != rank && places.ClassOf(rank, other) == link)];
}
