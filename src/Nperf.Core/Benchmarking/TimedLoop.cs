using System.Diagnostics;
using Nperf.Core.Liveness;
using Nperf.Core.Options;

namespace Nperf.Core.Benchmarking;

/// <summary>What a <see cref="TimedLoop"/> works with, apart from its communicator.</summary>
/// <param name="Options">The run's.</param>
/// <param name="Samples">Takes times of single operations.</param>
/// <param name="Waits">Takes them too, with how long this rank waited meanwhile.</param>
/// <param name="Abort">Looked at once an iteration.</param>
/// <param name="Progress">Told of each iteration; null where another rank tells.</param>
/// <param name="Barrier">Meets all ranks of the run over the control connection.</param>
/// <param name="Mark">The rank's, told of each iteration too.</param>
internal sealed record LoopSettings(
    RunOptions Options, SampleRecorder Samples, WaitRecorder Waits, AbortSignal Abort, RunProgress? Progress, Action Barrier, RankMark Mark);

/// <summary>
/// Runs batches of iterations and times them, the way that fits the backend: what carries its operations out itself is
/// timed otherwise than what hands them to a device. An iteration is <see cref="RunOptions.Aggregate"/> operations.
/// </summary>
internal abstract class TimedLoop(LoopSettings settings) : IDisposable
{
    private long _slot;

    /// <summary>From which duration on an operation can be timed within the headline without showing in it. Seconds.</summary>
    public abstract double ShortestSampledIteration { get; }

    /// <summary>The most iterations that a batch may have.</summary>
    public virtual long MostIterations => long.MaxValue;

    protected RunOptions Options { get; } = settings.Options;

    protected SampleRecorder Samples { get; } = settings.Samples;

    protected WaitRecorder Waits { get; } = settings.Waits;

    /// <summary>Another size begins: in the first place.</summary>
    public void Begin() => _slot = 0;

    /// <summary>Does what the clock must not see, before the ranks line up for <see cref="Run"/> of the same batch.</summary>
    public virtual void Prepare(in CollectiveCall call, SlotLayout slots, Batch batch) { }

    /// <summary>Runs <paramref name="batch"/> and returns when this rank's part of it is done.</summary>
    public abstract Elapsed Run(in CollectiveCall call, SlotLayout slots, Batch batch);

    /// <inheritdoc/>
    public virtual void Dispose() { }

    /// <summary>Operations of an iteration of <paramref name="batch"/>.</summary>
    protected int AggregateOf(Batch batch) => batch.Kind == BatchKind.Checked ? 1 : Options.Aggregate;

    /// <summary>The call in the next of the places of <paramref name="slots"/>.</summary>
    protected CollectiveCall InNextSlot(in CollectiveCall call, SlotLayout slots)
    {
        CollectiveCall next = call with
        {
            Send = call.Send + (nint)(_slot * slots.SendStride),
            Receive = call.Receive + (nint)(_slot * slots.ReceiveStride),
        };
        if (++_slot >= slots.Count) _slot = 0;
        return next;
    }

    /// <summary>Once before each iteration.</summary>
    protected void ThrowIfAborted()
    {
        if (settings.Abort.IsSet) settings.Abort.ThrowIfSet();
    }

    /// <summary>Once after each iteration: <paramref name="done"/> of this batch are.</summary>
    protected void Tell(long done)
    {
        if (Options.Sync == SyncMode.Barrier) settings.Barrier();
        settings.Mark.Did(done);
        if (settings.Progress is not null) settings.Progress.Iteration = done;
    }

    /// <summary>Since <paramref name="start"/>, to the clock's own resolution (a TimeSpan has 100 ns). Seconds.</summary>
    protected static double Seconds(long start) => (Stopwatch.GetTimestamp() - start) / (double)Stopwatch.Frequency;
}
