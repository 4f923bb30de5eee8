using System.Diagnostics;
using System.Globalization;
using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Results;

namespace Nperf.Core.Pairs;

/// <summary>
/// Measures all pairs, on rank 0: a round after the other, each pair one way, the other way, and there and back. Where that
/// makes something suspicious all is measured again: what was slow once by chance is not slow each time.
/// </summary>
internal sealed class PairMeasurement
{
    /// <summary>The size of a message for latency, bytes.</summary>
    public const long LatencyBytes = 8;

    private const int MostPasses = 3;

    private readonly PairPlaces _places;
    private readonly Func<PeerOrder, string, PeerTimes> _measure;
    private readonly IReadOnlyList<IReadOnlyList<(int One, int Other)>> _rounds;
    private readonly long _bytes;
    private int _roundsDone;

    /// <param name="ranks">How many ranks there are.</param>
    /// <param name="places">Where they are.</param>
    /// <param name="bytes">The size of a transfer.</param>
    /// <param name="measure">Has all ranks measure something, which the text is said of.</param>
    public PairMeasurement(int ranks, PairPlaces places, long bytes, Func<PeerOrder, string, PeerTimes> measure)
    {
        (_places, _bytes, _measure) = (places, bytes, measure);
        _rounds = PairSchedule.Of(places.Hosts);
        Figures = new PairFigures(ranks);
    }

    /// <summary>What was measured so far.</summary>
    public PairFigures Figures { get; }

    /// <summary>Measures all pairs.</summary>
    public void Run()
    {
        for (int pass = 1; pass <= MostPasses; pass++)
        {
            if (pass > 1 && new PairOutliers(Figures, _places, _bytes).Find().Count == 0) return;
            long started = Stopwatch.GetTimestamp();
            foreach ((int index, IReadOnlyList<(int One, int Other)> round) in _rounds.Index())
            {
                string again = pass == 1 ? "" : $", again to be sure ({pass} of {MostPasses})";
                Measure(round, $"pairs: round {index + 1} of {_rounds.Count}{again}{Left(started, index)}");
                if (pass == 1) _roundsDone++;
            }
        }
    }

    /// <summary>What the document says of it, as far as it has come.</summary>
    public PairsSection Section() => PairReport.Of(Figures, _places, _bytes, LatencyBytes, _rounds.Count, _roundsDone);

    /// <summary>How long the rounds that are left take at the pace of those <paramref name="done"/>.</summary>
    private string Left(long started, int done)
    {
        if (done == 0) return "";
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds / done * (_rounds.Count - done);
        return string.Create(CultureInfo.InvariantCulture, $", about {Math.Ceiling(seconds):0} s left");
    }

    private void Measure(IReadOnlyList<(int One, int Other)> round, string step)
    {
        int ranks = Figures.Ranks;
        PeerTimes there = _measure(new PeerOrder(PeerExchange.OneWay(ranks, round), _bytes), step);
        PeerTimes back = _measure(new PeerOrder(PeerExchange.OneWay(ranks, round.Select(pair => (pair.Other, pair.One))), _bytes), step);
        PeerTimes turns = _measure(new PeerOrder(PeerExchange.Turns(ranks, round), LatencyBytes), step);
        foreach ((int one, int other) in round)
        {
            Figures.AddTime(one, other, there.Slowest(one, other), there.Wrong[other]);
            Figures.AddTime(other, one, back.Slowest(one, other), back.Wrong[one]);
            Figures.AddLatency(one, other, turns.Slowest(one, other) / 2, turns.Wrong[one], turns.Wrong[other]);
        }
    }
}
