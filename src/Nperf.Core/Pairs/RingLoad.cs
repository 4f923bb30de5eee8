using Nperf.Core.Results;

namespace Nperf.Core.Pairs;

/// <summary>
/// Measures rings of ranks, and says what they should take: that of the slowest link in it which is typical of its class. The load
/// of a ring is its time over that, so that rings of any size and place compare.
/// </summary>
internal sealed class RingLoad(
    IReadOnlyDictionary<string, double> typicalUs, PairPlaces places, long bytes, Func<IReadOnlyList<int>, string, double> measure)
{
    private readonly List<FindSlowStep> _steps = [];

    /// <summary>What was measured, in order.</summary>
    public IReadOnlyList<FindSlowStep> Steps => _steps;

    /// <summary>The load of the ring of <paramref name="ranks"/>, which is slow where it is more than <paramref name="most"/>.</summary>
    /// <param name="kind">As <see cref="FindSlowStep.Kind"/>.</param>
    /// <param name="ranks">In any order: neighbours in number are neighbours in the ring.</param>
    /// <param name="added">Whom it is about.</param>
    /// <param name="most">The most that it should be.</param>
    public double Of(string kind, IEnumerable<int> ranks, IReadOnlyList<int> added, double most)
    {
        int[] ring = [.. ranks.Order()];
        double expected = Typical(ring);
        double time = measure(ring, $"find-slow: {kind}, {ring.Length} ranks, step {_steps.Count + 1}");
        _steps.Add(new FindSlowStep
        {
            Kind = kind,
            Ranks = ring,
            Added = added,
            TimeUs = time,
            Bandwidth = bytes / time / 1e3,
            ExpectedUs = expected * most,
            Slow = time > expected * most,
        });
        return time / expected;
    }

    private double Typical(int[] ring) =>
        ring.Index().Max(one => typicalUs[places.ClassOf(one.Item, ring[(one.Index + 1) % ring.Length])]);
}
