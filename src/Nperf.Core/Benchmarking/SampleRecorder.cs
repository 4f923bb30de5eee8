using System.Diagnostics;

namespace Nperf.Core.Benchmarking;

/// <summary>
/// Times of single iterations in clock ticks. Holds a bounded number: when full, every second one is dropped and from
/// then on only every second (fourth, eighth, …) is kept, so that what is held stays spread evenly over the run.
/// Allocates nothing after it was made.
/// </summary>
internal sealed class SampleRecorder(int capacity)
{
    private readonly long[] _ticks = new long[Math.Max(2, capacity)];
    private int _held;
    private long _seen, _stride = 1;

    /// <summary>The times held, in the order in which they were recorded.</summary>
    public ReadOnlySpan<long> Ticks => _ticks.AsSpan(0, _held);

    /// <summary>The times held, in microseconds.</summary>
    public double[] ToMicroseconds()
    {
        double[] times = new double[_held];
        for (int i = 0; i < times.Length; i++)
            times[i] = _ticks[i] * 1e6 / Stopwatch.Frequency;
        return times;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => (_held, _seen, _stride) = (0, 0, 1);

    /// <summary>Records one time.</summary>
    public void Add(long ticks)
    {
        if (_seen++ % _stride != 0) return;
        if (_held == _ticks.Length) Halve();
        if ((_seen - 1) % _stride == 0) _ticks[_held++] = ticks;
    }

    private void Halve()
    {
        int kept = 0;
        for (int i = 0; i < _held; i += 2)
            _ticks[kept++] = _ticks[i];
        _held = kept;
        _stride *= 2;
    }
}
