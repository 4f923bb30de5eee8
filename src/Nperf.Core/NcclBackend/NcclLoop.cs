using System.Diagnostics;
using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Options;
using Nperf.Native;

namespace Nperf.Core.NcclBackend;

/// <summary>
/// The timed loop on a GPU, as nccl-tests has it: operations are handed to the stream back to back, then the stream is
/// waited for once. Single times come from events between the iterations. With graphs a batch is taken down before the
/// clock starts, and replayed.
/// </summary>
internal sealed class NcclLoop(NcclCommunicator communicator, GpuLibraries libraries, LoopSettings settings)
    : TimedLoop(settings)
{
    /// <summary>A graph holds every operation of its batch: a longer one takes more memory and time to make than it measures.</summary>
    private const long MostInGraph = 1000;

    private readonly Cuda _cuda = libraries.Cuda;
    private readonly List<nint> _events = [];
    private NcclOperation _operation = NcclOperations.Barrier;
    private CollectiveCall _connected;
    private nint _graph, _graphExec;
    private double _pace;

    /// <summary>An event between two iterations costs them a few microseconds: below 0.1 % from here on.</summary>
    public override double ShortestSampledIteration => 10e-3;

    public override long MostIterations => UsesGraph ? MostInGraph : long.MaxValue;

    private bool UsesGraph => Options.GraphLaunches > 0;

    public override void Prepare(in CollectiveCall call, SlotLayout slots, Batch batch)
    {
        _operation = NcclOperations.For(call.Collective, libraries.Nccl);
        try
        {
            if (HasEvents(batch))
                while (_events.Count <= batch.Iterations) _events.Add(_cuda.CreateEvent());
            if (UsesGraph) TakeDown(call, slots, batch);
        }
        catch (LibraryException cause)
        {
            throw communicator.Place.Failed(cause, call.Collective.Name);
        }
    }

    public override Elapsed Run(in CollectiveCall call, SlotLayout slots, Batch batch)
    {
        int launches = UsesGraph && batch.Kind != BatchKind.Checked ? Options.GraphLaunches : 1;
        long operations = batch.Iterations * AggregateOf(batch) * launches;
        try
        {
            long start = Stopwatch.GetTimestamp();
            if (UsesGraph) for (int i = 0; i < launches; i++) _cuda.LaunchGraph(_graphExec, communicator.Target.Stream);
            else Enqueue(call, slots, batch);
            double enqueue = Seconds(start);
            // Twice as long as the pace before says is no hang yet.
            communicator.Wait(2 * _pace * operations, call.Collective.Name);
            double own = Seconds(start);
            _pace = own / operations;
            if (HasEvents(batch)) ReadEvents(batch.Iterations);
            return new Elapsed(operations, own, own, enqueue);
        }
        catch (LibraryException cause)
        {
            throw communicator.Place.Failed(cause, call.Collective.Name);
        }
    }

    public override void Dispose()
    {
        ReleaseGraph();
        foreach (nint one in _events) _cuda.DestroyEvent(one);
        _events.Clear();
        base.Dispose();
    }

    // Where the processor waits for each operation its own clock times them.
    private bool HasEvents(Batch batch) => batch.HasSamples && Options.Sync == SyncMode.None;

    private void Enqueue(in CollectiveCall call, SlotLayout slots, Batch batch)
    {
        ref readonly NcclTarget target = ref communicator.Target;
        bool events = HasEvents(batch);
        int aggregate = AggregateOf(batch);
        // A hypercube's steps follow each other, and in one group they would be at once.
        bool grouped = aggregate > 1 && call.Collective is not Hypercube;
        long previous = Stopwatch.GetTimestamp();
        for (int i = 0; i < batch.Iterations; i++)
        {
            ThrowIfAborted();
            if (events) Mark(i, target.Stream);
            if (grouped) libraries.Nccl.GroupStart();
            for (int operation = 0; operation < aggregate; operation++) _operation(target, InNextSlot(call, slots));
            if (grouped) libraries.Nccl.GroupEnd();
            if (Options.Sync != SyncMode.None) communicator.Wait(2 * _pace * aggregate, call.Collective.Name);
            Tell(i + 1);
            if (events || !batch.HasSamples) continue;
            long now = Stopwatch.GetTimestamp();
            Samples.Add((now - previous) / aggregate);
            Waits.Add(now - previous, 0, 0);
            previous = now;
        }
        if (events) Mark((int)batch.Iterations, target.Stream);
    }

    private void Mark(int index, nint stream)
    {
        // Within a graph an event is an inner dependency unless it is said to be for outside.
        if (UsesGraph) _cuda.RecordExternal(_events[index], stream);
        else _cuda.Record(_events[index], stream);
    }

    private void ReadEvents(long iterations)
    {
        double ticks = Stopwatch.Frequency / 1e3 / Options.Aggregate;
        for (int i = 0; i < iterations; i++)
        {
            double elapsed = _cuda.Elapsed(_events[i], _events[i + 1]) * ticks;
            Samples.Add((long)elapsed);
            Waits.Add((long)(elapsed * Options.Aggregate), 0, 0);
        }
    }

    private void TakeDown(in CollectiveCall call, SlotLayout slots, Batch batch)
    {
        ReleaseGraph();
        if (call != _connected)
        {
            // NCCL connects ranks when they first need it, which within a capture it may not.
            communicator.Execute(call);
            _connected = call;
        }

        nint stream = communicator.Target.Stream;
        _cuda.BeginCapture(stream);
        Enqueue(call, slots, batch);
        _graph = _cuda.EndCapture(stream);
        _graphExec = _cuda.Instantiate(_graph);
        _cuda.Upload(_graphExec, stream);
    }

    private void ReleaseGraph()
    {
        // Forgotten first: what failed to go is not tried again.
        (nint graph, nint graphExec) = (_graph, _graphExec);
        (_graph, _graphExec) = (0, 0);
        if (graphExec != 0) _cuda.DestroyGraphExec(graphExec);
        if (graph != 0) _cuda.DestroyGraph(graph);
    }
}
