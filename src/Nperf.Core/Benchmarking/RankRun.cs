using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Nperf.Core.Data;
using Nperf.Core.Options;
using Nperf.Core.Results;
using Nperf.Core.Verification;

namespace Nperf.Core.Benchmarking;

/// <summary>
/// One rank's way through a run, on the rank's own thread. Each size: check, warm up, batches of timed iterations as
/// rank 0 decides, then every rank's figures to rank 0 and the result back to all.
/// </summary>
internal sealed class RankRun
{
    /// <summary>The most single times that all ranks together send to rank 0.</summary>
    private const int MostSamplesOfWorld = 1_000_000;

    private readonly Communicator _communicator;
    private readonly RankTeam _team;
    private readonly int _local;
    private readonly RunOptions _options;
    private readonly BufferPlan _plan;
    private readonly RankBuffers _memory;
    private readonly AbortSignal _abort;
    private readonly RunProgress? _progress;
    private readonly SampleRecorder _samples;

    private TestPattern? _pattern;
    private long _seed;
    private long _slot;
    private long _iterations;
    private Elapsed _elapsed;
    private (SectionPlan Section, long RequestedBytes, int Cycle, CollectiveCall Call)? _current;
    private long? _wrong;
    private WrongElement? _firstWrong;

    public RankRun(
        Communicator communicator, RankTeam team, int local, RunOptions options,
        BufferPlan plan, RankBuffers memory, AbortSignal abort, RunProgress progress)
    {
        (_communicator, _team, _local, _options) = (communicator, team, local, options);
        (_plan, _memory, _abort) = (plan, memory, abort);
        _progress = local == 0 ? progress : null;
        _samples = new SampleRecorder((int)Math.Min(
            BatchPlanner.MostSamples, Math.Max(100, MostSamplesOfWorld / communicator.WorldSize)));
    }

    /// <summary>Prepares for the sizes of <paramref name="section"/>: valid values of its type in all send memory.</summary>
    public void Begin(SectionPlan section)
    {
        if (!section.Collective.HasData) return;
        _pattern = new TestPattern(
            section.Collective, section.DataType, section.Reduction, _communicator.WorldSize);
        _pattern.Fill(_memory.Send, _memory.SendBytes / section.DataType.Size(), _communicator.Rank, ++_seed);
    }

    /// <summary>Measures one size; returns the same result on every rank.</summary>
    public SizeResult Measure(SectionPlan section, long requestedBytes, int cycle)
    {
        string step = $"{section}, {requestedBytes} B";
        long count = section.Collective.CountFor(requestedBytes, section.DataType.Size(), _communicator.WorldSize);
        SlotLayout slots = _plan.Slots(section, count, _communicator.Rank);
        var call = new CollectiveCall(
            section.Collective, section.DataType, section.Reduction, section.Root, count, _memory.Send, _memory.Receive);
        (_wrong, _firstWrong, _slot, _iterations, _elapsed) = (null, null, 0, 0, default);
        _current = (section, requestedBytes, cycle, call);
        _samples.Clear();
        Show(requestedBytes, _options.Iterations);
        if (_progress is not null) _progress.SecondsDone = 0;

        if (_options.Verify != VerifyMode.None && section.Collective.HasData)
        {
            LineUp(step);
            RunChecked(call);
        }
        double perIteration = WarmUp(call, slots, step);
        RunBatches(call, slots, perIteration, step);
        SizeResult result = Exchange(section, requestedBytes, cycle, call, step);
        _current = null;
        return result;
    }

    /// <summary>
    /// What there is of the size that was under way when the run ended, or null: after this rank's thread has ended.
    /// </summary>
    public RankMeasurement? Unfinished() => _current is not null && _iterations > 0 ? Measurement() : null;

    /// <summary>The result of the size under way from the <paramref name="ranks"/> of this process alone.</summary>
    public SizeResult Partial(IReadOnlyList<RankMeasurement> ranks)
    {
        (SectionPlan section, long requestedBytes, int cycle, CollectiveCall call) = _current!.Value;
        return SizeSummary.Of(
            section, cycle, requestedBytes, call.Count, _communicator.WorldSize, _communicator.AlgorithmFor(call), ranks)
            with
        { Partial = true };
    }

    private void LineUp(string step)
    {
        _team.Barrier(_local, step);
        _communicator.LineUp();
    }

    /// <summary>Returns the time of one iteration, seconds; 0 where there is no warm-up.</summary>
    private double WarmUp(in CollectiveCall call, SlotLayout slots, string step)
    {
        if (_options.WarmupIterations == 0) return 0;
        Show(call.Collective.Bytes(call.Count, call.DataType.Size(), _communicator.WorldSize), _options.WarmupIterations);
        LineUp(step);
        Elapsed elapsed = RunBackToBack(call, slots, new Batch(BatchKind.Omitted, _options.WarmupIterations));
        return elapsed.Complete / _options.WarmupIterations;
    }

    private void RunBatches(
        in CollectiveCall call, SlotLayout slots, double perIteration, string step)
    {
        bool checkEach = _options.Verify == VerifyMode.Each && call.Collective.HasData;
        var planner = new BatchPlanner(
            _options.Iterations, _options.Seconds, _options.OmitSeconds, perIteration, timesSingly: checkEach);
        while (Agree(planner.Next(), step) is { Kind: not BatchKind.Done } batch)
        {
            Show(call.Collective.Bytes(call.Count, call.DataType.Size(), _communicator.WorldSize), batch.Iterations);
            if (batch.Kind == BatchKind.Samples) _samples.Clear();
            LineUp(step);
            long start = Stopwatch.GetTimestamp();
            Elapsed batchElapsed = checkEach ? RunEachChecked(call, batch) : RunBackToBack(call, slots, batch);
            // Checking takes its time too, which a timed run does not exceed.
            planner.Report(batch, checkEach ? Seconds(start) : batchElapsed.Complete);
            if (_progress is not null) _progress.SecondsDone = planner.Elapsed;
            if (!batch.CountsForHeadline) continue;
            _iterations += batch.Iterations;
            _elapsed = _elapsed.Plus(batchElapsed);
        }
    }

    /// <summary>Rank 0's batch, on every rank: all run the same number of operations, or they hang.</summary>
    private Batch Agree(Batch batch, string step)
    {
        Span<long> words = [(long)batch.Kind, batch.Iterations];
        byte[] decided = _team.FromRankZero(_local, MemoryMarshal.AsBytes(words).ToArray(), step);
        ReadOnlySpan<long> read = MemoryMarshal.Cast<byte, long>(decided);
        return new Batch((BatchKind)read[0], read[1]);
    }

    /// <summary>The timed loop: the same operation again and again, each time in the next place.</summary>
    private Elapsed RunBackToBack(CollectiveCall call, SlotLayout slots, Batch batch)
    {
        long start = Stopwatch.GetTimestamp(), previous = start;
        for (long i = 0; i < batch.Iterations; i++)
        {
            if (_abort.IsSet) _abort.ThrowIfSet();
            CollectiveCall next = call with
            {
                Send = call.Send + (nint)(_slot * slots.SendStride),
                Receive = call.Receive + (nint)(_slot * slots.ReceiveStride),
            };
            _communicator.Execute(next);
            if (++_slot == slots.Count) _slot = 0;
            if (_progress is not null) _progress.Iteration = i + 1;
            if (!batch.HasSamples) continue;
            long now = Stopwatch.GetTimestamp();
            _samples.Add(now - previous);
            previous = now;
        }
        return Stop(start, call);
    }

    /// <summary>Each iteration with fresh values, lined up, timed singly and checked. The sum of their times.</summary>
    private Elapsed RunEachChecked(in CollectiveCall call, Batch batch)
    {
        var total = default(Elapsed);
        for (long i = 0; i < batch.Iterations; i++)
        {
            if (_abort.IsSet) _abort.ThrowIfSet();
            Elapsed one = RunChecked(call);
            total = total.Plus(one);
            if (batch.HasSamples) _samples.Add((long)(one.Complete * Stopwatch.Frequency));
            if (_progress is not null) _progress.Iteration = i + 1;
        }
        return total;
    }

    /// <summary>One iteration with fresh values in the first place, checked.</summary>
    private Elapsed RunChecked(in CollectiveCall call)
    {
        _seed++;
        (int rank, int worldSize, int element) = (_communicator.Rank, _communicator.WorldSize, call.DataType.Size());
        long received = call.Collective.ReceiveCount(call.Count, worldSize, rank, call.Root);
        _pattern!.Fill(call.Send, call.Collective.SendCount(call.Count, worldSize, rank, call.Root), rank, _seed);
        _pattern.Poison(call.Receive, received * element);
        _communicator.LineUp();

        long start = Stopwatch.GetTimestamp();
        _communicator.Execute(call);
        Elapsed elapsed = Stop(start, call);

        CheckResult check = _pattern.Check(
            call.Receive, call.Collective.Expected(call.Count, worldSize, rank, call.Root), _seed,
            _options.VerifyTolerance);
        _wrong = (_wrong ?? 0) + check.Wrong;
        _firstWrong ??= check.First;
        return elapsed;
    }

    /// <summary>
    /// Stops the clock. With a root, ranks may be done long before the root is: what they sent waits in buffers. The
    /// operation is complete when every rank is.
    /// </summary>
    private Elapsed Stop(long start, in CollectiveCall call)
    {
        double own = Seconds(start);
        if (!call.Collective.HasRoot) return new Elapsed(own, own);
        _communicator.LineUp();
        return new Elapsed(own, Seconds(start));
    }

    /// <summary>Since <paramref name="start"/>, to the clock's own resolution (a TimeSpan has 100 ns).</summary>
    private static double Seconds(long start) => (Stopwatch.GetTimestamp() - start) / (double)Stopwatch.Frequency;

    private SizeResult Exchange(
        SectionPlan section, long requestedBytes, int cycle, in CollectiveCall call, string step)
    {
        byte[][]? all = _team.ToRankZero(
            _local, JsonSerializer.SerializeToUtf8Bytes(Measurement(), MeasurementJson.Default.RankMeasurement), step);
        byte[] summary = all is null ? [] : JsonSerializer.SerializeToUtf8Bytes(
            SizeSummary.Of(
                section, cycle, requestedBytes, call.Count, _communicator.WorldSize, _communicator.AlgorithmFor(call),
                all.Select(one => JsonSerializer.Deserialize(one, MeasurementJson.Default.RankMeasurement)!).ToArray()),
            ResultsJson.Default.SizeResult);
        summary = _team.FromRankZero(_local, summary, step);
        return JsonSerializer.Deserialize(summary, ResultsJson.Default.SizeResult)!;
    }

    private RankMeasurement Measurement() => new()
    {
        Rank = _communicator.Rank,
        Iterations = _iterations,
        OwnUs = _elapsed.Own * 1e6,
        CompleteUs = _elapsed.Complete * 1e6,
        SamplesUs = _samples.ToMicroseconds(),
        Wrong = _wrong,
        FirstWrong = _firstWrong,
        PeakMemoryBytes = (ProcFile.KiB("/proc/self/status", "VmHWM") ?? 0) * 1024,
    };

    private void Show(long bytes, long iterations)
    {
        if (_progress is null) return;
        (_progress.Bytes, _progress.Iterations, _progress.Iteration) = (bytes, iterations, 0);
        _progress.SecondsTotal = _options.Seconds > 0 ? _options.OmitSeconds + _options.Seconds : 0;
    }

    /// <summary>How long iterations took, seconds.</summary>
    /// <param name="Own">Until this rank was done.</param>
    /// <param name="Complete">Until every rank was.</param>
    private readonly record struct Elapsed(double Own, double Complete)
    {
        public Elapsed Plus(Elapsed other) => new(Own + other.Own, Complete + other.Complete);
    }
}
