using Nperf.Core.Results;
using Nperf.Core.Statistics;

namespace Nperf.Core.Pairs;

/// <summary>
/// From all ranks to those that slow them, on rank 0: what the pairs make suspicious is measured again beside good ranks, then
/// rings grow from the best pair to all that is not slow. A ring that is slower than its links say is halved by those just added,
/// until one of them is found or it is plain that only many together are slow.
/// </summary>
internal sealed class SlowSearch
{
    /// <summary>A ring that grows may be so much slower than the core, for its size: more is looked into, and named only where confirmed.</summary>
    private const double LeastGrowth = 1.25;

    private const int MostCores = 4;

    private readonly PairFigures _figures;
    private readonly PairPlaces _places;
    private readonly PairOutliers _outliers;
    private readonly Dictionary<string, double> _typicalUs;
    private readonly RingLoad _load;
    private readonly List<OutlierSection> _slow = [];
    private readonly List<int> _together = [];
    private int[] _suspects = [], _core = [];
    private bool _isDone;

    /// <param name="figures">What the pairs do.</param>
    /// <param name="places">Where the ranks are.</param>
    /// <param name="bytes">The size of a transfer.</param>
    /// <param name="measure">The time of a ring, microseconds, which the text is said of.</param>
    public SlowSearch(PairFigures figures, PairPlaces places, long bytes, Func<IReadOnlyList<int>, string, double> measure)
    {
        (_figures, _places) = (figures, places);
        _outliers = new PairOutliers(figures, places, bytes);
        _typicalUs = _outliers.Links().GroupBy(pair => places.ClassOf(pair.From, pair.To))
            .ToDictionary(links => links.Key, links => MedianPolish.Median(links.Select(pair => figures.TimeUs(pair.From, pair.To))));
        _load = new RingLoad(_typicalUs, places, bytes, measure);
    }

    /// <summary>Searches to the end.</summary>
    public void Run()
    {
        (OutlierSection Outlier, string Link)[] suspicious =
            [.. _outliers.Classes().SelectMany(link => _outliers.OfBandwidth(link).Select(outlier => (outlier, link)))];
        _suspects = [.. suspicious.SelectMany(one => one.Outlier.Ranks).Distinct().Order()];
        int[] good = [.. Enumerable.Range(0, _figures.Ranks).Except(_suspects).OrderByDescending(Quality)];
        if (good.Length >= 2)
        {
            var confirmation = new SlowConfirmation(_load, _places, good);
            foreach ((OutlierSection outlier, string link) in suspicious)
                if (confirmation.Of(outlier, link) is { } slow) _slow.Add(slow);
            double load = ChooseCore(good);
            // Who is suspicious and was not found slow comes last.
            IEnumerable<int> others = _suspects.Except(_slow.Where(one => one.Kind != "pair").SelectMany(one => one.Ranks));
            Grow([.. good.Except(_core), .. others], LeastGrowth * Math.Max(1, load), confirmation);
        }

        _isDone = true;
    }

    /// <summary>What the document says of it, as far as it has come.</summary>
    public FindSlowSection Section() => new()
    {
        Verdict = !_isDone ? "unfinished" : _slow.Count > 0 ? "slow" : IsUnclear ? "together" : "nobody",
        Summary = SlowVerdict.Summary(_isDone, _slow, _together, IsUnclear, _figures.Ranks, _places),
        Suspects = _suspects,
        Core = _core,
        Steps = _load.Steps,
        Slow = _slow,
        NextSteps = _isDone ? SlowVerdict.NextSteps(_slow, IsUnclear, _places) : [],
    };

    private bool IsUnclear => _together.Count > 0 || (_isDone && _core.Length == 0);

    /// <summary>How fast a rank's links are beside those of their class, in the middle.</summary>
    private double Quality(int rank) => MedianPolish.Median(Enumerable.Range(0, _figures.Ranks).Where(peer => peer != rank)
        .SelectMany(peer => new[] { (From: rank, To: peer), (From: peer, To: rank) })
        .Select(pair => _typicalUs[_places.ClassOf(pair.From, pair.To)] / _figures.TimeUs(pair.From, pair.To)));

    /// <summary>Of a few pairs of good ranks the one that exchanges fastest: that pairs are good one way is no proof. Returns its load.</summary>
    private double ChooseCore(int[] good)
    {
        (int[] core, double load) = good.Chunk(2).Where(pair => pair.Length == 2).Take(MostCores)
            .Select(pair => (pair, _load.Of("core", pair, pair, LeastGrowth))).MinBy(one => one.Item2);
        _core = core;
        return load;
    }

    private void Grow(int[] rest, double most, SlowConfirmation confirmation)
    {
        List<int> group = [.. _core];
        for (int taken = 0; taken < rest.Length;)
        {
            int[] added = [.. rest.Skip(taken).Take(group.Count)];
            taken += added.Length;
            double load = _load.Of("grow", [.. group, .. added], added, most);
            if (load > most) load = Math.Min(load, _load.Of("grow", [.. group, .. added], added, most));
            if (load > most)
            {
                OutlierSection[] found = [.. Bisect(group, added, most, confirmation)];
                _slow.AddRange(found);
                added = [.. added.Except(found.SelectMany(one => one.Ranks))];
                if (found.Length == 0)
                {
                    _together.AddRange(group.Concat(added).Except(_together));
                    most = LeastGrowth * load;
                }
            }

            group.AddRange(added);
        }
    }

    /// <summary>Those of <paramref name="added"/> that slow <paramref name="group"/>, each alone; none where they do so only together.</summary>
    private IEnumerable<OutlierSection> Bisect(IReadOnlyList<int> group, int[] added, double most, SlowConfirmation confirmation)
    {
        if (added.Length == 1)
        {
            if (confirmation.OfRing(added[0], _core) is { } slow) yield return slow;
            yield break;
        }

        int[][] halves = [added[..(added.Length / 2)], added[(added.Length / 2)..]];
        foreach (int[] half in halves)
        {
            if (_load.Of("bisect", [.. group, .. half], half, most) <= most) continue;
            foreach (OutlierSection slow in Bisect(group, half, most, confirmation)) yield return slow;
        }
    }
}
