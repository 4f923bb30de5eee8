using Nperf.Core.Results;
using Nperf.Core.Statistics;

namespace Nperf.Core.Benchmarking;

/// <summary>
/// When a size has run for long enough (<c>--precision</c>): once the confidence interval of its time is as narrow as was asked
/// for, or the longest time is over. The longer it takes, the longer batches become, up to <see cref="BatchPlanner.BatchSeconds"/>.
/// </summary>
internal sealed class PrecisionRule
{
    /// <summary>The length of a batch at first, seconds: some slices of time that a scheduler gives.</summary>
    public const double BatchSeconds = 0.02;

    /// <summary>The longest that a size runs, where <c>-t</c> says nothing else, seconds.</summary>
    public const double MostSeconds = 10;

    /// <summary>So many batches, and each two become one of twice the length.</summary>
    private const int MostShort = 2 * BatchMeans.Fewest;

    /// <summary>From one look at the interval to the next there are so many times as many batches: who looks often is more often wrong.</summary>
    private const double NextLook = 1.2;

    private readonly BatchMeans _means = new();
    private readonly double _wanted, _seconds;
    private readonly long _mostIterations;
    private double _elapsed;
    private int _look = BatchMeans.Fewest;

    /// <param name="wanted">Half the width of the interval, as a part of the time.</param>
    /// <param name="seconds">The longest that the batches may take together; 0 is <see cref="MostSeconds"/>.</param>
    /// <param name="mostIterations">The most that a batch may have.</param>
    public PrecisionRule(double wanted, double seconds, long mostIterations) =>
        (_wanted, _seconds, _mostIterations) = (wanted, seconds > 0 ? seconds : MostSeconds, mostIterations);

    /// <summary>True once no more batches are needed.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The iterations of the next batch; 0 until it is told.</summary>
    public long Iterations { get; set; }

    /// <summary>What was reached so far.</summary>
    public PrecisionSection Reached => new(_wanted, _means.HalfWidth(), _means.Count);

    /// <summary>A batch of <see cref="Iterations"/> took <paramref name="elapsed"/> seconds.</summary>
    public void Add(double elapsed)
    {
        _means.Add(elapsed / Iterations);
        _elapsed += elapsed;
        if (_means.Count >= _look)
        {
            IsDone = _elapsed >= BatchMeans.Fewest * BatchSeconds && _means.HalfWidth() <= _wanted;
            _look = (int)Math.Ceiling(NextLook * _means.Count);
        }

        IsDone |= _elapsed >= _seconds;
        bool growing = 2 * elapsed <= BatchPlanner.BatchSeconds && Iterations <= _mostIterations / 2;
        if (IsDone || _means.Count < MostShort || !growing) return;
        _means.Merge();
        Iterations *= 2;
        _look = (int)Math.Ceiling(NextLook * _means.Count);
    }
}
