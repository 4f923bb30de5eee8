namespace Nperf.Core.Pairs;

/// <summary>
/// What was measured of each direction of each pair, the best of several times: what else goes on makes transfers slower,
/// never faster. NaN where nothing was measured yet.
/// </summary>
internal sealed class PairFigures
{
    private readonly double[,] _timeUs, _latencyUs;
    private readonly long?[,] _wrong;

    public PairFigures(int ranks)
    {
        Ranks = ranks;
        (_timeUs, _latencyUs, _wrong) = (Empty(ranks), Empty(ranks), new long?[ranks, ranks]);
    }

    /// <summary>How many ranks there are.</summary>
    public int Ranks { get; }

    /// <summary>The time of a transfer, microseconds.</summary>
    public double TimeUs(int from, int to) => _timeUs[from, to];

    /// <summary>Half of the time there and back, microseconds.</summary>
    public double LatencyUs(int from, int to) => _latencyUs[from, to];

    /// <summary>The wrong elements that were found; null where nothing was checked.</summary>
    public long? Wrong(int from, int to) => _wrong[from, to];

    /// <summary>True where both figures are there.</summary>
    public bool Has(int from, int to) => !double.IsNaN(_timeUs[from, to]) && !double.IsNaN(_latencyUs[from, to]);

    /// <summary>A transfer was timed.</summary>
    public void AddTime(int from, int to, double timeUs, long? wrong)
    {
        _timeUs[from, to] = Best(_timeUs[from, to], timeUs);
        AddWrong(from, to, wrong);
    }

    /// <summary>Messages there and back between two ranks were timed.</summary>
    public void AddLatency(int one, int other, double latencyUs, long? wrongAtOne, long? wrongAtOther)
    {
        _latencyUs[one, other] = _latencyUs[other, one] = Best(_latencyUs[one, other], latencyUs);
        AddWrong(other, one, wrongAtOne);
        AddWrong(one, other, wrongAtOther);
    }

    private static double Best(double before, double now) => double.IsNaN(before) ? now : Math.Min(before, now);

    private static double[,] Empty(int ranks)
    {
        double[,] values = new double[ranks, ranks];
        for (int from = 0; from < ranks; from++)
            for (int to = 0; to < ranks; to++) values[from, to] = double.NaN;
        return values;
    }

    private void AddWrong(int from, int to, long? wrong)
    {
        if (wrong is not null) _wrong[from, to] = (_wrong[from, to] ?? 0) + wrong;
    }
}
