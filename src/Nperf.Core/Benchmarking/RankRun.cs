using System.Diagnostics;
using System.Text.Json;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Liveness;
using Nperf.Core.NcclLog;
using Nperf.Core.Options;
using Nperf.Core.Results;
using Nperf.Core.Stragglers;
using Nperf.Core.Verification;

namespace Nperf.Core.Benchmarking;

/// <summary>
/// One rank's way through a run, on the rank's own thread. Each size: check, warm up, batches of timed iterations as
/// rank 0 decides, then every rank's figures to rank 0 and the result back to all.
/// </summary>
internal sealed partial class RankRun : IDisposable
{
    /// <summary>The most single times that all ranks together send to rank 0.</summary>
    private const int MostSamplesOfWorld = 1_000_000;

    private readonly Communicator _communicator;
    private readonly RankTeam _team;
    private readonly int _local;
    private readonly RunOptions _options;
    private readonly BufferPlan _plan;
    private readonly RankBuffers _memory;
    private readonly RunProgress? _progress;
    private readonly RankMark _mark;
    private readonly SampleRecorder _samples;

    private readonly WaitRecorder _waits = new();
    private readonly TimedLoop _loop;

    private BufferPattern? _pattern;
    private long _seed;
    private Elapsed _elapsed;
    private PrecisionSection? _precision;
    private (SectionPlan Section, long RequestedBytes, int Cycle, CollectiveCall Call)? _current;
    private long? _wrong;
    private WrongElement? _firstWrong;

    public RankRun(
        Communicator communicator, RankTeam team, int local, RunOptions options,
        BufferPlan plan, RankBuffers memory, AbortSignal abort, RunProgress progress)
    {
        (_communicator, _team, _local, _options) = (communicator, team, local, options);
        (_plan, _memory) = (plan, memory);
        _progress = local == 0 ? progress : null;
        _mark = team.MarkOf(local);
        _samples = new SampleRecorder((int)Math.Min(
            BatchPlanner.MostSamples, Math.Max(100, MostSamplesOfWorld / communicator.WorldSize)));
        _loop = communicator.CreateLoop(new LoopSettings(
            options, _samples, _waits, abort, _progress, () => team.Barrier(local, "after each operation"), _mark));
    }

    /// <inheritdoc/>
    public void Dispose() => _loop.Dispose();

    /// <summary>
    /// Runs each call of <paramref name="sections"/> once, where what carries them out is known only then. Returns on rank 0
    /// what all processes have to say of it, null elsewhere.
    /// </summary>
    public NcclSection? Study(IReadOnlyList<SectionPlan> sections)
    {
        if (!_communicator.LearnsByRunning) return null;
        const string step = "studying what NCCL does";
        if (_progress is not null) _progress.Step = step;
        var calls = new List<CollectiveCall>();
        LineUp(step);
        foreach (SectionPlan section in sections)
        {
            foreach (long size in section.Sizes)
            {
                CollectiveCall call = CallFor(section, size);
                Enter(RankStep.Studying, call);
                var batch = new Batch(BatchKind.Omitted, 1);
                _loop.Prepare(call, SlotLayout.Single, batch);
                _loop.Run(call, SlotLayout.Single, batch);
                calls.Add(call);
            }
        }
        _team.Barrier(_local, step);
        byte[] told = _communicator.Learn(calls) is { } own
            ? JsonSerializer.SerializeToUtf8Bytes(own, ResultsJson.Default.NcclSection)
            : [];
        NcclSection[]? all = _team.ToRankZero(_local, told, step)?.Where(one => one.Length > 0)
            .Select(one => RankPayloads.NcclSection(one)).ToArray();
        return all is { Length: > 0 } ? NcclSections.Merge(all) : null;
    }

    /// <summary>
    /// Prepares for the sizes of <paramref name="section"/>: valid values of its type in all memory that is sent from, which
    /// in place may be that to receive into.
    /// </summary>
    public void Begin(SectionPlan section)
    {
        if (!section.Collective.HasData) return;
        _mark.Enter(RankStep.Filling, section.Collective.Name);
        _pattern = _communicator.PatternFor(section.Collective, section.DataType, section.Reduction);
        int element = section.DataType.Size();
        _pattern.Fill(_memory.Send, _memory.SendBytes / element, _communicator.Rank, ++_seed);
        if (section.InPlace) _pattern.Fill(_memory.Receive, _memory.ReceiveBytes / element, _communicator.Rank, _seed);
    }

    /// <summary>Measures one size; returns the same result on every rank.</summary>
    public SizeResult Measure(SectionPlan section, long requestedBytes, int cycle)
    {
        string step = $"{section}, {requestedBytes} B";
        CollectiveCall call = CallFor(section, requestedBytes);
        SlotLayout slots = _plan.Slots(section, call.Count, _communicator.Rank);
        (_wrong, _firstWrong, _elapsed) = (null, null, default);
        _loop.Begin();
        _current = (section, requestedBytes, cycle, call);
        _samples.Clear();
        _waits.Clear();
        Show(requestedBytes, _options.Iterations);
        if (_progress is not null) _progress.SecondsDone = 0;

        if (_options.Verify != VerifyMode.None && section.Collective.HasData)
        {
            Enter(RankStep.Verifying, call);
            LineUp(step);
            RunChecked(call);
        }
        Enter(RankStep.WarmingUp, call);
        double perIteration = WarmUp(call, slots, step);
        Enter(RankStep.Timing, call);
        RunBatches(call, slots, perIteration, step);
        Enter(RankStep.Exchanging, call);
        SizeResult result = Exchange(section, requestedBytes, cycle, call, step);
        _current = null;
        return result;
    }

    /// <summary>
    /// What there is of the size that was under way when the run ended, or null: after this rank's thread has ended.
    /// </summary>
    public RankMeasurement? Unfinished() => _current is not null && _elapsed.Operations > 0 ? Measurement() : null;

    /// <summary>The result of the size under way from the <paramref name="ranks"/> of this process alone.</summary>
    public SizeResult Partial(IReadOnlyList<RankMeasurement> ranks)
    {
        (SectionPlan section, long requestedBytes, int cycle, CollectiveCall call) = _current!.Value;
        return SizeSummary.Of(
            section, cycle, requestedBytes, call.Count, _communicator.WorldSize, _communicator.ChoiceFor(call), ranks)
            with
        { Partial = true, Precision = _precision };
    }

    /// <summary>The call for a size, in the first place.</summary>
    private CollectiveCall CallFor(SectionPlan section, long requestedBytes)
    {
        int element = section.DataType.Size();
        long count = section.Collective.CountFor(requestedBytes, element, _communicator.WorldSize);
        (nint send, nint receive) = (_memory.Send, _memory.Receive);
        if (section.InPlace)
        {
            InPlace place = _communicator.InPlaceOf(section.Collective, count, section.Root);
            nint one = place.InReceiveBuffer ? _memory.Receive : _memory.Send;
            (send, receive) = (one + (nint)(place.SendOffset * element), one + (nint)(place.ReceiveOffset * element));
        }

        return new CollectiveCall(
            section.Collective, section.DataType, section.Reduction, section.Root, count, send, receive, section.InPlace);
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
        Show(BytesOf(call), _options.WarmupIterations);
        var batch = new Batch(BatchKind.Omitted, _options.WarmupIterations);
        return RunBatch(call, slots, batch, step).Complete / _options.WarmupIterations;
    }

    private void RunBatches(
        in CollectiveCall call, SlotLayout slots, double perIteration, string step)
    {
        bool checkEach = _options.Verify == VerifyMode.Each && call.Collective.HasData;
        var planner = new BatchPlanner(
            _options.Iterations, _options.Seconds, _options.OmitSeconds, perIteration,
            checkEach ? 0 : _loop.ShortestSampledIteration, _loop.MostIterations, _options.Precision);
        _precision = null;
        while (Agree(planner.Next(), step) is { Kind: not BatchKind.Done } batch)
        {
            Show(BytesOf(call), batch.Iterations);
            Enter(RankStep.Timing, call);
            if (batch.Kind == BatchKind.Samples)
            {
                _samples.Clear();
                _waits.Clear();
            }

            long start = Stopwatch.GetTimestamp();
            Elapsed batchElapsed = checkEach ? RunEachChecked(call, batch, step) : RunBatch(call, slots, batch, step);
            // Checking takes its time too, which a timed run does not exceed.
            planner.Report(batch, checkEach ? Stopwatch.GetElapsedTime(start).TotalSeconds : batchElapsed.Complete);
            if (_progress is not null) _progress.SecondsDone = planner.Elapsed;
            _precision = planner.Precision;
            if (batch.CountsForHeadline) _elapsed = _elapsed.Plus(batchElapsed);
        }
    }

    /// <summary>Rank 0's batch, on every rank: all run the same number of operations, or they hang.</summary>
    private Batch Agree(Batch batch, string step) => Batch.FromBytes(_team.FromRankZero(_local, batch.ToBytes(), step));

    /// <summary>A batch from its preparation to its end, the ranks lined up before the clock starts.</summary>
    private Elapsed RunBatch(in CollectiveCall call, SlotLayout slots, Batch batch, string step)
    {
        _loop.Prepare(call, slots, batch);
        LineUp(step);
        Elapsed elapsed = _loop.Run(call, slots, batch);
        _progress?.End(elapsed.Operations);
        return elapsed;
    }

    /// <summary>Each iteration with fresh values, lined up, timed singly and checked. The sum of their times.</summary>
    private Elapsed RunEachChecked(in CollectiveCall call, Batch batch, string step)
    {
        LineUp(step);
        var total = default(Elapsed);
        for (long i = 0; i < batch.Iterations; i++)
        {
            Elapsed one = RunChecked(call);
            total = total.Plus(one);
            if (batch.HasSamples) _samples.Add((long)(one.Complete / one.Operations * Stopwatch.Frequency));
            _mark.Note(RankStep.Timing);
            _mark.Did(i + 1);
            if (_progress is not null) _progress.Iteration = i + 1;
        }
        _progress?.End(total.Operations);
        return total;
    }

    /// <summary>One iteration with fresh values in the first place, checked.</summary>
    private Elapsed RunChecked(in CollectiveCall call)
    {
        _seed++;
        (int rank, int worldSize, int element) = (_communicator.Rank, _communicator.WorldSize, call.DataType.Size());
        long received = call.Collective.ReceiveCount(call.Count, worldSize, rank, call.Root);
        var batch = new Batch(BatchKind.Checked, 1);
        // Before the values: to prepare may run the operation, which in place changes them.
        _loop.Prepare(call, SlotLayout.Single, batch);
        // Poison first: in place, a part of one buffer is a part of the other.
        _mark.Note(RankStep.Filling);
        _pattern!.Poison(call.Receive, received * element);
        _pattern.Fill(call.Send, call.Collective.SendCount(call.Count, worldSize, rank, call.Root), rank, _seed);
        _mark.Note(RankStep.Verifying);
        _communicator.LineUp();
        Elapsed elapsed = _loop.Run(call, SlotLayout.Single, batch);

        _mark.Note(RankStep.Checking);
        CheckResult check = _pattern.Check(
            call.Receive, call.Collective.Expected(call.Count, worldSize, rank, call.Root), _seed,
            Math.Max(_options.VerifyTolerance, _communicator.ToleranceOf(call.Collective, call.DataType, call.Reduction)));
        _wrong = (_wrong ?? 0) + check.Wrong;
        _firstWrong ??= check.First;
        return elapsed;
    }

    private SizeResult Exchange(
        SectionPlan section, long requestedBytes, int cycle, in CollectiveCall call, string step)
    {
        byte[][]? all = _team.ToRankZero(
            _local, JsonSerializer.SerializeToUtf8Bytes(Measurement(), MeasurementJson.Default.RankMeasurement), step);
        RankMeasurement[] measured = all?.Select((one, rank) => RankPayloads.Measurement(one, rank)).ToArray() ?? [];
        SizeResult? whole = all is null ? null : SizeSummary.Of(
            section, cycle, requestedBytes, call.Count, _communicator.WorldSize, _communicator.ChoiceFor(call),
            measured) with
        {
            Lateness = Lateness(call, measured),
            Precision = _precision,
        };
        byte[] told = whole is null ? []
            : JsonSerializer.SerializeToUtf8Bytes(SizeSummary.ForOthers(whole), ResultsJson.Default.SizeResult);
        told = _team.FromRankZero(_local, told, step);
        return whole ?? RankPayloads.SizeResult(told);
    }

    private LatenessSection? Lateness(in CollectiveCall call, RankMeasurement[] ranks) =>
        _communicator.TreatsRanksAlike(call) && Peers.Of(_team.World) is { } peers
            ? SizeLateness.Of([.. ranks.Select(rank => rank.Blocks)], peers)
            : null;

    private RankMeasurement Measurement() => new()
    {
        Rank = _communicator.WorldRank,
        Iterations = _elapsed.Operations,
        OwnUs = _elapsed.Own * 1e6,
        CompleteUs = _elapsed.Complete * 1e6,
        EnqueueUs = _elapsed.Enqueue * 1e6,
        SamplesUs = _samples.ToMicroseconds(),
        Blocks = _waits.ToMicroseconds(),
        Waiting = _communicator.Waits is null ? null : _waits.WaitingShare,
        Wrong = _wrong,
        FirstWrong = _firstWrong,
        PeakMemoryBytes = (ProcFile.KiB("/proc/self/status", "VmHWM") ?? 0) * 1024,
    };

    private void Enter(RankStep step, in CollectiveCall call) => _mark.Enter(step, call.Collective.Name, BytesOf(call));

    private long BytesOf(in CollectiveCall call) =>
        call.Collective.Bytes(call.Count, call.DataType.Size(), _communicator.WorldSize);

    private void Show(long bytes, long iterations)
    {
        if (_progress is null) return;
        _progress.Begin(bytes, iterations);
        _progress.SecondsTotal = _options is { Seconds: > 0, Precision: 0 } ? _options.OmitSeconds + _options.Seconds : 0;
    }
}
