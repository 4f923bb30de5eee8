using Nperf.Core.Results;

namespace Nperf.Core.Benchmarking;

/// <summary>
/// The sizes that a run has finished, in order. Of a run without end the newest alone, and the first wrong one: such a run
/// takes no more memory the longer it lasts.
/// </summary>
internal sealed class FinishedSizes
{
    /// <summary>The most figures of ranks that a run without end keeps.</summary>
    private const int MostRanks = 200_000;

    /// <summary>The most sizes.</summary>
    private const int MostSizes = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<SizeResult> _newest = [];
    private readonly int _most;
    private SizeResult? _firstWrong;

    /// <param name="isEndless">Whether the run goes on until it is stopped.</param>
    /// <param name="worldSize">How many ranks each size has figures of.</param>
    public FinishedSizes(bool isEndless, int worldSize) =>
        _most = isEndless ? Math.Clamp(MostRanks / worldSize, 100, MostSizes) : int.MaxValue;

    /// <summary>How many there were that are kept no longer.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Adds the newest.</summary>
    public void Add(SizeResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        lock (_lock)
        {
            _newest.Enqueue(result);
            if (_newest.Count <= _most) return;
            SizeResult oldest = _newest.Dequeue();
            if (_firstWrong is null && oldest.Wrong > 0) _firstWrong = oldest;
            else LeftOut++;
        }
    }

    /// <summary>Those that are kept, the oldest first.</summary>
    public IReadOnlyList<SizeResult> ToArray()
    {
        lock (_lock) return _firstWrong is null ? _newest.ToArray() : [_firstWrong, .. _newest];
    }
}
