using System.Diagnostics;
using Nperf.Core.Results;

namespace Nperf.Core;

/// <summary>
/// How far a run has come, for who draws it: written by one rank's thread without locks, read at any time. A reader may
/// see a size with the iteration of the one before; it is a display, not a figure.
/// </summary>
internal sealed class RunProgress
{
    private long _sizesDone, _sizesTotal, _bytes, _iteration, _iterations;
    private long _bytesMoved, _iterationsCounted;
    private double _secondsDone, _secondsTotal;
    private readonly List<double> _took = [];
    private string _step = "";
    private IReadOnlyList<long> _plan = [];
    private SizeResult? _last;
    private long _sizeBegan;

    /// <summary>What goes on, for example <c>allreduce float32 sum</c>.</summary>
    public string Step
    {
        get => Volatile.Read(ref _step);
        set => Volatile.Write(ref _step, value);
    }

    /// <summary>Sizes finished, over all sections of this cycle.</summary>
    public long SizesDone
    {
        get => Volatile.Read(ref _sizesDone);
        set => Volatile.Write(ref _sizesDone, value);
    }

    /// <summary>Sizes in all, over all sections of one cycle.</summary>
    public long SizesTotal
    {
        get => Volatile.Read(ref _sizesTotal);
        set => Volatile.Write(ref _sizesTotal, value);
    }

    /// <summary>The sizes of a cycle in the order in which they run, bytes; none where the run has no sizes, or no end.</summary>
    public IReadOnlyList<long> Plan
    {
        get => Volatile.Read(ref _plan);
        set => Volatile.Write(ref _plan, value);
    }

    /// <summary>The size that was finished last, or null.</summary>
    public SizeResult? Last => Volatile.Read(ref _last);

    /// <summary>How long each size of the plan took that is finished, seconds, in order.</summary>
    public IReadOnlyList<double> Took
    {
        get
        {
            lock (_took) return [.. _took];
        }
    }

    /// <summary>The first size of a cycle begins.</summary>
    public void BeginCycle()
    {
        SizesDone = 0;
        lock (_took) _took.Clear();
        _sizeBegan = Stopwatch.GetTimestamp();
    }

    /// <summary>A size is finished, which lasted since the one before was.</summary>
    public void Finish(SizeResult result)
    {
        lock (_took) _took.Add(Stopwatch.GetElapsedTime(_sizeBegan).TotalSeconds);
        _sizeBegan = Stopwatch.GetTimestamp();
        Volatile.Write(ref _last, result);
        SizesDone++;
    }

    /// <summary>The size under way, bytes.</summary>
    public long Bytes
    {
        get => Volatile.Read(ref _bytes);
        set => Volatile.Write(ref _bytes, value);
    }

    /// <summary>Iterations of this batch done by the first rank of this process.</summary>
    public long Iteration
    {
        get => Volatile.Read(ref _iteration);
        set => Volatile.Write(ref _iteration, value);
    }

    /// <summary>Iterations of this batch.</summary>
    public long Iterations
    {
        get => Volatile.Read(ref _iterations);
        set => Volatile.Write(ref _iterations, value);
    }

    /// <summary>
    /// Bytes of all operations so far, each with the size that its bandwidth is computed from: those of the
    /// warm-up too, and on GPUs those that were handed over.
    /// </summary>
    public long BytesMoved =>
        Volatile.Read(ref _bytesMoved) + (Math.Max(0, Iteration - Volatile.Read(ref _iterationsCounted)) * Bytes);

    /// <summary>A batch of <paramref name="iterations"/> of <paramref name="bytes"/> begins.</summary>
    public void Begin(long bytes, long iterations)
    {
        (Bytes, Iterations, Iteration) = (bytes, iterations, 0);
        Volatile.Write(ref _iterationsCounted, 0);
    }

    /// <summary>The batch ended, after so many operations.</summary>
    public void End(long operations)
    {
        Volatile.Write(ref _iterationsCounted, Iteration);
        Volatile.Write(ref _bytesMoved, _bytesMoved + (operations * Bytes));
    }

    /// <summary>Timed runs: how long this size has run, seconds.</summary>
    public double SecondsDone
    {
        get => Volatile.Read(ref _secondsDone);
        set => Volatile.Write(ref _secondsDone, value);
    }

    /// <summary>Timed runs: how long each size is to run, omitted seconds included; 0 where iterations are counted.</summary>
    public double SecondsTotal
    {
        get => Volatile.Read(ref _secondsTotal);
        set => Volatile.Write(ref _secondsTotal, value);
    }
}
