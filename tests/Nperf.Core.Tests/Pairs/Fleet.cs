using Nperf.Core.Pairs;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;
using Nperf.Core.Tests.Rendezvous;

namespace Nperf.Core.Tests.Pairs;

/// <summary>Ranks that are not there, whose links have the speeds that a test gives them, and 2 % of noise.</summary>
internal sealed class Fleet
{
    private const long Bytes = 1 << 20;

    private readonly Random _random = new(11);
    private readonly int _ranks;

    public Fleet(int hosts, int ranksOfEach = 1)
    {
        _ranks = hosts * ranksOfEach;
        World = PlannedProcess.World(hosts, ranksOfEach);
        Places = new PairPlaces(World, null);
    }

    public World World { get; }

    public PairPlaces Places { get; }

    /// <summary>GB/s from a rank to another.</summary>
    public Func<int, int, double> Speed { get; set; } = (_, _) => 1;

    /// <summary>What so many ranks at once lose: 1 is nothing.</summary>
    public Func<IReadOnlyList<int>, double> Crowding { get; set; } = _ => 1;

    /// <summary>What the pairs do.</summary>
    public PairFigures Measure()
    {
        var figures = new PairFigures(_ranks);
        foreach ((int one, int other) in PairSchedule.Of(Places.Hosts).SelectMany(round => round))
        {
            figures.AddTime(one, other, Time(one, other), 0);
            figures.AddTime(other, one, Time(other, one), 0);
            figures.AddLatency(one, other, 20 * Noise(), 0, 0);
        }

        return figures;
    }

    public PairsSection Pairs() => PairReport.Of(Measure(), Places, Bytes, 8, 1, 1);

    public FindSlowSection Search()
    {
        var search = new SlowSearch(Measure(), Places, Bytes, (ring, _) =>
            Crowding(ring) * ring.Index().Max(one => Time(one.Item, ring[(one.Index + 1) % ring.Count])));
        search.Run();
        return search.Section();
    }

    private double Time(int from, int to) => Bytes / Speed(from, to) / 1e3 * Noise();

    private double Noise() => 1 + 0.02 * (2 * _random.NextDouble() - 1);
}
