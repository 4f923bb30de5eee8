using System.Globalization;
using Nperf.Core.Results;
using Nperf.Core.Statistics;

namespace Nperf.Core.Pairs;

/// <summary>
/// Measures what is suspicious again before it is named: it exchanges with a good rank, and beside it two good ranks do,
/// in turns and with others each time.
/// </summary>
internal sealed class SlowConfirmation(RingLoad load, PairPlaces places, IReadOnlyList<int> good)
{
    private const int Tries = 3;

    /// <summary>Slow is what takes longer than good ranks by this factor, each time.</summary>
    public const double LeastFactor = 1 / (1 - SlowEffect.LeastLossOfRank);

    /// <summary>The outlier with the evidence of this; null where it is not confirmed.</summary>
    /// <param name="outlier">What is suspicious among links of a class.</param>
    /// <param name="link">That class.</param>
    public OutlierSection? Of(OutlierSection outlier, string link)
    {
        var factors = new List<double>();
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            if (Choose(outlier, link, attempt) is not var (suspects, others)) return null;
            double suspect = load.Of("confirm", suspects, outlier.Ranks, LeastFactor);
            double other = load.Of("confirm", others, [], LeastFactor);
            factors.Add(suspect / other);
            if (factors[^1] < LeastFactor) return null;
        }

        return outlier with { Evidence = $"{outlier.Evidence}; {Sentence(factors)}" };
    }

    /// <summary>The same for a rank that slows a ring: it with <paramref name="core"/>, and good ranks in its place.</summary>
    public OutlierSection? OfRing(int rank, IReadOnlyList<int> core)
    {
        var factors = new List<double>();
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            double suspect = load.Of("confirm", [.. core.Skip(1), rank], [rank], LeastFactor);
            double other = load.Of("confirm", core, [], LeastFactor);
            factors.Add(suspect / other);
            if (factors[^1] < LeastFactor) return null;
        }

        return new OutlierSection
        {
            Kind = "rank",
            Ranks = [rank],
            Host = places.HostOf(rank),
            Gpu = places.GpuOf(rank),
            Nic = places.NicOf(rank),
            Direction = "both",
            Metric = "bandwidth",
            Ratio = 1 / MedianPolish.Median(factors),
            Evidence = $"its pairs are good, but {Sentence(factors)}",
        };
    }

    private static string Sentence(List<double> factors) => string.Create(
        CultureInfo.InvariantCulture,
        $"exchanges with it take {MedianPolish.Median(factors):F1} times as long as without, in {factors.Count} of {factors.Count} tries");

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
