using System.Buffers.Binary;
using Nperf.Core.Results;

namespace Nperf.Core.Benchmarking;

/// <summary>What a batch of iterations is for.</summary>
internal enum BatchKind
{
    /// <summary>Nothing more to run.</summary>
    Done,

    /// <summary>Run, and left out of the figures (<c>--omit</c>).</summary>
    Omitted,

    /// <summary>One operation whose result is checked: in place, another on top of it would reduce what it left.</summary>
    Checked,

    /// <summary>Counts for the headline; a clock around the whole batch only.</summary>
    Headline,

    /// <summary>Counts for the headline, with a clock around each iteration too: where reading it does not show.</summary>
    HeadlineWithSamples,

    /// <summary>A clock around each iteration; does not count for the headline.</summary>
    Samples,
}

/// <summary>A number of iterations to run back to back, decided by rank 0.</summary>
internal readonly record struct Batch(BatchKind Kind, long Iterations)
{
    /// <summary>True where its time counts for the headline.</summary>
    public bool CountsForHeadline => Kind is BatchKind.Headline or BatchKind.HeadlineWithSamples;

    /// <summary>True where each iteration is timed.</summary>
    public bool HasSamples => Kind is BatchKind.HeadlineWithSamples or BatchKind.Samples;

    /// <summary>As it travels: kind and iterations, 64 bits each, little-endian.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)Kind);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(long)), Iterations);
        return bytes;
    }

    /// <summary>The batch in <paramref name="bytes"/>.</summary>
    /// <exception cref="RunException">There is none in them.</exception>
    public static Batch FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 2 * sizeof(long))
        {
            long kind = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            long iterations = BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(long)..]);
            if (kind is >= 0 and <= (long)BatchKind.Samples && iterations >= 0) return new Batch((BatchKind)kind, iterations);
        }

        throw new RunException(FailureKind.Error, "the server's number of iterations cannot be read: are all nperf of one version?");
    }
}

/// <summary>
/// Decides, on rank 0, how many iterations come next. A fixed count is one batch; a timed run is as many as fill the
/// time, each sized by the pace so far. Iterations too short to be timed singly without showing in the headline get
/// their single times in a batch of their own at the end. With a precision all batches have as many, until they tell enough (<see cref="PrecisionRule"/>).
/// </summary>
internal sealed class BatchPlanner
{
    /// <summary>Timed runs: the length aimed at for one batch. Seconds.</summary>
    public const double BatchSeconds = 0.25;

    /// <summary>The most iterations in a batch of samples.</summary>
    public const long MostSamples = 10_000;

    private readonly PrecisionRule? _precision;
    private readonly double _seconds, _omitSeconds, _shortestSampled;
    private readonly long _fixedIterations, _mostIterations;
    private double _perIteration, _omitted, _counted;
    private long _iterations;
    private bool _sampled, _unsampled;

    /// <param name="iterations">How many iterations, where <paramref name="seconds"/> is 0.</param>
    /// <param name="seconds">How long to run for the figures; 0 for a fixed count.</param>
    /// <param name="omitSeconds">How long to run before that, left out of the figures.</param>
    /// <param name="perIteration">The time of one iteration in the warm-up, seconds; 0 where it is not known.</param>
    /// <param name="shortestSampled">From which duration on iterations are timed singly within the headline, seconds.</param>
    /// <param name="mostIterations">The most that a batch of a timed run, or of samples, may have.</param>
    /// <param name="precision">
    /// Run until the time is known so well, as a part of it, and for <paramref name="seconds"/> at the most; 0: as said above.
    /// </param>
    public BatchPlanner(
        long iterations, double seconds, double omitSeconds, double perIteration, double shortestSampled,
        long mostIterations = long.MaxValue, double precision = 0)
    {
        if (precision > 0) _precision = new PrecisionRule(precision, seconds, mostIterations);
        // A batch that is left out tells the pace; where an iteration is longer than one, the warm-up has told it.
        if (precision > 0 && perIteration < PrecisionRule.BatchSeconds) omitSeconds = Math.Max(omitSeconds, PrecisionRule.BatchSeconds);
        (_fixedIterations, _seconds, _omitSeconds, _perIteration) = (iterations, seconds, omitSeconds, perIteration);
        (_shortestSampled, _mostIterations) = (shortestSampled, mostIterations);
    }

    /// <summary>How well the time is known so far, where that was asked for.</summary>
    public PrecisionSection? Precision => _precision?.Reached;

    /// <summary>How long batches that were omitted or counted have run, seconds.</summary>
    public double Elapsed => _omitted + _counted;

    /// <summary>The batch after all that were reported.</summary>
    public Batch Next()
    {
        if (_omitted < _omitSeconds) return new Batch(BatchKind.Omitted, Fill(_omitSeconds - _omitted));
        bool more = _precision is not null ? !_precision.IsDone : _seconds > 0 ? _counted < _seconds || _iterations == 0 : _iterations == 0;
        if (more)
        {
            BatchKind kind = _perIteration >= _shortestSampled
                ? BatchKind.HeadlineWithSamples
                : BatchKind.Headline;
            if (_precision is { Iterations: 0 }) _precision.Iterations = Fill(PrecisionRule.BatchSeconds);
            return new Batch(kind, _precision?.Iterations ?? (_seconds > 0 ? Fill(_seconds - _counted) : _fixedIterations));
        }
        return _sampled && !_unsampled
            ? new Batch(BatchKind.Done, 0)
            : new Batch(BatchKind.Samples, Math.Min(_iterations, Math.Min(MostSamples, _mostIterations)));
    }

    /// <summary>Says how long <paramref name="batch"/> took, seconds.</summary>
    public void Report(Batch batch, double elapsed)
    {
        _perIteration = elapsed / batch.Iterations;
        if (batch.HasSamples) _sampled = true;
        if (batch.Kind == BatchKind.Headline) _unsampled = true;
        if (batch.Kind == BatchKind.Samples) _unsampled = false;
        if (batch.Kind == BatchKind.Omitted) _omitted += elapsed;
        if (!batch.CountsForHeadline) return;
        _precision?.Add(elapsed);
        _counted += elapsed;
        _iterations += batch.Iterations;
    }

    /// <summary>Iterations for the rest of the time, a batch at the most; one where the pace is not known.</summary>
    private long Fill(double rest)
    {
        if (_perIteration <= 0) return 1;
        return Math.Clamp((long)Math.Ceiling(Math.Min(rest, BatchSeconds) / _perIteration), 1, _mostIterations);
    }
}
