using System.Diagnostics;
using Nperf.Core.Benchmarking;

namespace Nperf.Core.Host;

/// <summary>The timed loop on CPU memory: the rank's own thread carries each operation out.</summary>
internal sealed class HostLoop(Communicator communicator, LoopSettings settings) : TimedLoop(settings)
{
    /// <summary>Two readings of the clock cost about 50 ns: below 0.5 % of an iteration from here on.</summary>
    public override double ShortestSampledIteration => 10e-6;

    /// <inheritdoc/>
    public override Elapsed Run(in CollectiveCall call, SlotLayout slots, Batch batch)
    {
        int aggregate = AggregateOf(batch);
        WaitClock? clock = batch.HasSamples ? communicator.Waits : null;
        (long waited, long sending) = (clock?.Receiving ?? 0, clock?.Sending ?? 0);
        if (clock is not null) clock.Runs = true;
        long start = Stopwatch.GetTimestamp(), previous = start;
        for (long i = 0; i < batch.Iterations; i++)
        {
            ThrowIfAborted();
            for (int operation = 0; operation < aggregate; operation++)
                communicator.Execute(InNextSlot(call, slots));
            Tell(i + 1);
            if (!batch.HasSamples) continue;
            long now = Stopwatch.GetTimestamp();
            Samples.Add((now - previous) / aggregate);
            Waits.Add(now - previous, (clock?.Receiving ?? 0) - waited, (clock?.Sending ?? 0) - sending);
            previous = now;
            if (clock is not null) (waited, sending) = (clock.Receiving, clock.Sending);
        }

        if (clock is not null) clock.Runs = false;
        return Stop(start, call, batch.Iterations * aggregate);
    }

    /// <summary>
    /// Stops the clock. With a root and the like, ranks may be done long before others are: what they sent waits in buffers.
    /// The operation is complete when every rank is.
    /// </summary>
    private Elapsed Stop(long start, in CollectiveCall call, long operations)
    {
        double own = Seconds(start);
        if (!call.Collective.EndsUnevenly) return new Elapsed(operations, own, own, own);
        communicator.LineUp();
        return new Elapsed(operations, own, Seconds(start), own);
    }
}
