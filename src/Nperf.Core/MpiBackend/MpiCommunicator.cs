using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Liveness;
using Nperf.Core.Rendezvous;
using Nperf.Core.Verification;
using Nperf.Native;

namespace Nperf.Core.MpiBackend;

/// <summary>One rank of a run on MPI: its process's end of an MPI communicator, and buffers on CPU memory.</summary>
internal sealed class MpiCommunicator : Communicator
{
    private readonly MpiTarget _target;
    private readonly Control _control;
    private readonly MpiWatch _watch;
    private readonly RankMark _mark;
    private MpiArguments? _arguments;
    private MpiOperation? _operation;
    private PrivateBuffers? _buffers;
    private bool _isDisposed;

    /// <param name="target">This rank's end of the MPI_Comm of its group.</param>
    /// <param name="worldRank">The rank's place in the run.</param>
    /// <param name="control">The run.</param>
    public MpiCommunicator(in MpiTarget target, int worldRank, Control control)
    {
        (_target, WorldRank, _control) = (target, worldRank, control);
        _watch = new MpiWatch(control);
        _mark = control.Marks.Of(worldRank);
    }

    public override int Rank => _target.Rank;

    public override int WorldSize => _target.WorldSize;

    public override int WorldRank { get; }

    public override void EnterThread() => ProcessorBinding.Bind(_control.World, WorldRank);

    internal override RankBuffers Allocate(long sendBytes, long receiveBytes)
    {
        _buffers?.Free();
        _buffers = null;
        return _buffers = new PrivateBuffers(sendBytes, receiveBytes, _mark);
    }

    internal override BufferPattern PatternFor(Collective collective, DataType type, Reduction reduction) =>
        new TestPattern(collective, type, reduction, WorldSize) { Mark = _mark };

    internal override InPlace InPlaceOf(Collective collective, long count, int root) =>
        MpiOperations.InPlaceOf(collective, count, WorldSize, Rank, root);

    internal override TimedLoop CreateLoop(LoopSettings settings) => new HostLoop(this, settings);

    public override void Execute(in CollectiveCall call)
    {
        if (_arguments is null || !_arguments.Serve(call)) Prepare(call);
        _watch.Enter();
        try
        {
            _operation!(_arguments!, call);
        }
        catch (LibraryException cause)
        {
            throw Failed(cause, _watch.Step);
        }
        _watch.Leave();
        _mark.Move();
    }

    public override void LineUp()
    {
        string step = _watch.Step;
        _watch.Step = "lining up";
        _watch.Enter();
        try
        {
            _target.Mpi.Barrier(_target.Communicator);
        }
        catch (LibraryException cause)
        {
            throw Failed(cause, _watch.Step);
        }
        _watch.Leave();
        _mark.Move();
        _watch.Step = step;
    }

    public override CollectiveChoice ChoiceFor(in CollectiveCall call) => new(null);

    public override void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _watch.Dispose();
        _buffers?.Free();
        // That takes all of its ranks, of which one that has given up does not come.
        if (_control.AbortSignal.IsSet) return;
        try
        {
            _target.Mpi.Free(_target.Communicator);
        }
        catch (LibraryException cause)
        {
            throw Failed(cause, "the release");
        }
    }

    private void Prepare(in CollectiveCall call)
    {
        _arguments = new MpiArguments(_target, call);
        _operation = MpiOperations.For(call.Collective);
        long bytes = call.Collective.Bytes(call.Count, call.DataType.Size(), WorldSize);
        _watch.Step = call.Collective.HasData ? $"{call.Collective.Name} {bytes} B" : call.Collective.Name;
    }

    private RunException Failed(LibraryException cause, string step) => new(
        new Failure(FailureKind.Error, $"rank {WorldRank} ({_control.Self.Host}): {cause.Message}")
        {
            Rank = WorldRank,
            Host = _control.Self.Host,
            Step = step,
        },
        cause);
}
