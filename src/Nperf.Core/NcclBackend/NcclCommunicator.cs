using System.Diagnostics;
using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Liveness;
using Nperf.Core.NcclLog;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;
using Nperf.Core.Topology;
using Nperf.Core.Verification;
using Nperf.Native;

namespace Nperf.Core.NcclBackend;

/// <summary>One rank of a run on NCCL: its GPU, its stream and its ncclComm_t. For the rank's thread alone.</summary>
internal sealed class NcclCommunicator : Communicator
{
    /// <summary>Polls of the stream between two looks at everything else; a poll takes about a microsecond.</summary>
    private const int PollsPerLook = 512;

    /// <summary>
    /// Barriers to line up. The control connection is waited for asleep; a few operations later the processor's caches and
    /// clock are where a job's are (measured: 8 B allreduce 9 us instead of 11 after ten).
    /// </summary>
    private const int LineUps = 10;

    /// <summary>Kept free on the GPU, bytes: NCCL allocates more when it first connects two ranks.</summary>
    private const long Reserve = 512L << 20;

    /// <summary>How long the cause of what NCCL reports may take to arrive over the control connection.</summary>
    private static readonly TimeSpan CauseDelay = TimeSpan.FromSeconds(1);

    /// <summary>How long the stream may take to be done with what it holds once nothing waits for others any more.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    private readonly GpuLibraries _libraries;
    private readonly GpuDevice _device;
    private readonly AbortSignal _abort;
    private readonly RunWatch? _watch;
    private readonly RankMark _mark;
    private readonly Groups _groups;
    private readonly RunOptions _options;
    private readonly NcclTarget _target;
    private readonly IReadOnlyList<int> _processors;
    private readonly GpuKernels _kernels;
    private readonly NcclLogSession _log;
    private readonly bool _speaks;
    private NcclChoices _choices = NcclChoices.Unknown;
    private int _ends;
    private bool _isDisposed;

    /// <param name="libraries">The driver and NCCL.</param>
    /// <param name="device">The rank's GPU.</param>
    /// <param name="communicator">The rank's ncclComm_t.</param>
    /// <param name="place">Who this is, for people.</param>
    /// <param name="groups">The groups, of which this is a rank of one.</param>
    /// <param name="control">The run.</param>
    /// <param name="log">NCCL's log in this process.</param>
    public NcclCommunicator(
        GpuLibraries libraries, GpuDevice device, nint communicator, RankPlace place, Groups groups, Control control,
        NcclLogSession log)
    {
        (_libraries, _device, Place, _groups, _log) = (libraries, device, place, groups, log);
        (_options, _abort, _watch) = (control.Options, control.AbortSignal, control.Watch);
        _mark = control.Marks.Of(place.Rank);
        _speaks = place.Rank == control.Self.FirstRank;
        nint scratch = libraries.Cuda.Allocate(256);
        libraries.Cuda.Fill(scratch, 0, 256, device.Stream);
        _kernels = new GpuKernels(libraries.Cuda, libraries.Cuda.Device(device.Gpu.Index));
        _target = new NcclTarget(libraries, communicator, device.Stream, groups.RankOf(place.Rank), groups.Size, scratch);
        _processors = [.. new PciDevices().ProcessorsNear(device.Gpu.PciBusId).Intersect(LibC.AllowedProcessors())];
    }

    public override int Rank => _target.Rank;

    public override int WorldSize => _target.WorldSize;

    public override int WorldRank => Place.Rank;

    /// <summary>Who this is, for people and for failures.</summary>
    public RankPlace Place { get; }

    /// <summary>Where this rank's operations go.</summary>
    public ref readonly NcclTarget Target => ref _target;

    internal override long? FreeDeviceMemory => Guarded(() =>
    {
        _device.Enter();
        return Math.Max(0, _libraries.Cuda.MemoryInfo().Free - Reserve);
    }, "asking for free memory");

    internal override string DeviceName => $"{_device.Name} ({_device.Gpu.Name})";

    public override void EnterThread()
    {
        _device.Enter();
        // Where the GPU's own processors are not to be had, the thread stays where it is: slower, and not wrong.
        if (_processors.Count > 0) LibC.TryRunOn(_processors);
    }

    internal override RankBuffers Allocate(long sendBytes, long receiveBytes) => Guarded(
        () => new GpuBuffers(_libraries, this, _options.Register, sendBytes, receiveBytes), "allocating buffers");

    internal override BufferPattern PatternFor(Collective collective, DataType type, Reduction reduction) =>
        new GpuPattern(_kernels, _device.Stream, collective, type, reduction, WorldSize);

    internal override double ToleranceOf(Collective collective, DataType type, Reduction reduction) =>
        collective.Reduces && reduction == Reduction.Avg ? NcclAverage.Tolerance(type, WorldSize) : 0;

    internal override TimedLoop CreateLoop(LoopSettings settings) => new NcclLoop(this, _libraries, settings);

    internal override bool LearnsByRunning => _log.IsStudied;

    internal override NcclSection? Learn(IReadOnlyList<CollectiveCall> calls)
    {
        NcclActivity activity = _log.End();
        if (Rank == 0) _choices = NcclChoices.Of(calls, activity, WorldSize);
        if (!_speaks) return null;
        NcclSection told = NcclSections.Of(activity);
        return _groups.Count == 1 ? told : told with { Connections = [.. told.Connections.Select(InWorld)] };
    }

    public override CollectiveChoice ChoiceFor(in CollectiveCall call) => _choices.For(call);

    public override void Execute(in CollectiveCall call)
    {
        try
        {
            NcclOperations.For(call.Collective, _libraries.Nccl)(_target, call);
        }
        catch (LibraryException cause)
        {
            throw Place.Failed(cause, call.Collective.Name);
        }
        Wait(0, call.Collective.Name);
    }

    public override void LineUp()
    {
        const string step = "lining up";
        try
        {
            for (int i = 0; i < LineUps; i++)
            {
                NcclOperations.Barrier(_target, default);
                Wait(0, step);
            }
        }
        catch (LibraryException cause)
        {
            throw Place.Failed(cause, step);
        }
    }

    /// <summary>Returns when everything on the stream is done.</summary>
    /// <param name="expectedSeconds">How long that should take: the timeout counts from there.</param>
    /// <param name="step">What is waited for.</param>
    /// <exception cref="RunException">The run was given up, a library reports an error, or the timeout is over.</exception>
    public void Wait(double expectedSeconds, string step)
    {
        try
        {
            _mark.Allow(expectedSeconds);
            long started = 0;
            for (int polls = 1; !_libraries.Cuda.IsDone(_device.Stream); polls++)
            {
                if (polls % PollsPerLook == 0) Look(ref started, expectedSeconds, step);
            }

            _mark.Allow(0);
        }
        catch (LibraryException cause)
        {
            throw Place.Failed(cause, step);
        }
    }

    internal override Failure FailureOf(Exception exception) =>
        exception is LibraryException cause ? Place.Failed(cause).Failure : base.FailureOf(exception);

    /// <summary>
    /// Where the run was given up, ends what still runs on the GPU, and the communicator with it: memory cannot be given back
    /// under a kernel that waits for others.
    /// </summary>
    /// <returns>True where there is no communicator any more: what was registered with it is not.</returns>
    public bool HasEnded()
    {
        if (_abort.IsSet && Interlocked.Exchange(ref _ends, 1) == 0) _libraries.Nccl.Abort(_target.Communicator);
        return _ends != 0;
    }

    /// <summary>
    /// Waits a moment for the stream to be done. False where it is not, or cannot be asked: then memory is left to the end of
    /// the process.
    /// </summary>
    public bool IsIdle()
    {
        var limit = Deadline.After(DrainTime);
        try
        {
            while (!_libraries.Cuda.IsDone(_device.Stream))
                if (limit.Passed) return false;
            return true;
        }
        // Of a run that was given up the reason is known.
        catch (LibraryException) when (_abort.IsSet)
        {
            return false;
        }
    }

    public override void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        try
        {
            _device.Enter();
            if (!HasEnded())
            {
                _ends = 1;
                _libraries.Nccl.Destroy(_target.Communicator);
            }

            if (!IsIdle()) return;
            _kernels.Dispose();
            _libraries.Cuda.Free(_target.Scratch);
            _device.Dispose();
        }
        catch (LibraryException cause)
        {
            throw Place.Failed(cause, "releasing the GPU");
        }
    }

    // The log numbers ranks within their communicator.
    private ConnectionSection InWorld(ConnectionSection connection)
    {
        IReadOnlyList<int> members = _groups.MembersWith(WorldRank);
        return connection with { From = WorldRankOf(connection.From), To = WorldRankOf(connection.To) };

        int? WorldRankOf(int? rank) => rank is { } known && known < members.Count ? members[known] : null;
    }

    private void Look(ref long started, double expectedSeconds, string step)
    {
        _abort.ThrowIfSet();
        int state = _libraries.Nccl.AsyncError(_target.Communicator);
        if (state is not ((int)NcclStatus.Success or (int)NcclStatus.InProgress))
        {
            string last = _libraries.Nccl.LastError() is { } text ? $": {text}" : "";
            // Mostly another process is gone: who noticed that itself names it, over the control connection.
            _abort.ThrowCause(CauseDelay);
            throw Place.Failed(
                FailureKind.Error, $"NCCL reports {_libraries.Nccl.ErrorText(state)} ({state}){last}", step);
        }
        if (started == 0)
        {
            started = Stopwatch.GetTimestamp();
            return;
        }
        double limit = expectedSeconds + (_watch?.Limit.TotalSeconds ?? _options.TimeoutSeconds);
        if (Stopwatch.GetElapsedTime(started).TotalSeconds <= limit || _watch?.IsOver(started) == false) return;
        throw new RunException(new Failure(
            FailureKind.Timeout,
            $"waited {expectedSeconds + _options.TimeoutSeconds:0.###} s for {step} and it did not end: a rank hangs or the network broke")
        {
            Step = step,
            IsOfAll = true,
        });
    }

    private T Guarded<T>(Func<T> action, string step)
    {
        try
        {
            return action();
        }
        catch (LibraryException cause)
        {
            throw Place.Failed(cause, step);
        }
    }
}
