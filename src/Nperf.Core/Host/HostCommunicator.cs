using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host.Algorithms;
using Nperf.Core.Liveness;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;
using Nperf.Core.Verification;

namespace Nperf.Core.Host;

/// <summary>One rank of the host backend: nperf's own collectives on CPU memory.</summary>
internal sealed class HostCommunicator : Communicator
{
    private readonly Control _control;
    private readonly Groups _groups;
    private HostBuffers? _buffers;
    private readonly RankMark _mark;
    private readonly AlgorithmChoice _algorithms;

    /// <summary>
    /// A rank of the world over its links to its group, with the memory of those that share a machine within reach; the
    /// <paramref name="layout"/> over hosts is null where there is none.
    /// </summary>
    internal HostCommunicator(
        int worldRank, Groups groups, Link[] links, PeerMemory[] memories, HostLayout? layout, Control control)
    {
        _control = control;
        _groups = groups;
        _mark = control.Marks.Of(worldRank);
        WorldRank = worldRank;
        CongestionControl = links.OfType<Tcp.TcpLink>().FirstOrDefault()?.CongestionControl;
        int rank = groups.RankOf(worldRank);
        bool crowded = control.World.IsCrowded;
        _algorithms = new AlgorithmChoice(control.Options, groups.Size, layout, crowded);
        Links = new RankLinks(rank, links, new Waiter(
            rank, groups.MembersWith(worldRank), control.World, control.AbortSignal, control.Options.Timeout,
            control.Watch, _mark, control.Options.Wait, links), _mark, memories)
        {
            Crowded = crowded,
        };
        if (layout is not null) Links.Divide(layout);
    }

    /// <inheritdoc/>
    public override int Rank => Links.Rank;

    /// <inheritdoc/>
    public override int WorldSize => Links.WorldSize;

    /// <inheritdoc/>
    public override int WorldRank { get; }

    /// <summary>What connects this rank to the others, joined with a plus sign: for example <c>shm+tcp</c>.</summary>
    public string TransportSummary => Links.Transports;

    /// <summary>The congestion control of this rank's TCP connections, for example <c>cubic</c>; null where it has none.</summary>
    public string? CongestionControl { get; }

    /// <summary>
    /// The interfaces that were named to carry data over TCP, for each process by index: none where none was named to it, and no
    /// processes where TCP connects no ranks.
    /// </summary>
    internal IReadOnlyList<IReadOnlyList<DataInterface>> Interfaces { get; init; } = [];

    /// <summary>This rank's links.</summary>
    internal RankLinks Links { get; }

    /// <inheritdoc/>
    internal override WaitClock Waits => Links.Waits;

    /// <inheritdoc/>
    internal override bool TreatsRanksAlike(in CollectiveCall call) =>
        base.TreatsRanksAlike(call) && _groups.Count == 1 && _algorithms.For(call, Links.Reach).TreatsRanksAlike(WorldSize);

    /// <inheritdoc/>
    public override void EnterThread() => ProcessorBinding.Bind(_control.World, WorldRank);

    /// <inheritdoc/>
    internal override RankBuffers Allocate(long sendBytes, long receiveBytes)
    {
        _buffers?.Free();
        _buffers = null;
        _buffers = _control.Options.Register == Registration.Symmetric
            ? SharedBuffers.Allocate(Links, _control, _groups.MembersWith(WorldRank), sendBytes, receiveBytes, _mark)
            : new PrivateBuffers(sendBytes, receiveBytes, _mark);
        HostAlgorithms.Require(_control.Options, Links);
        return _buffers;
    }

    /// <inheritdoc/>
    internal override BufferPattern PatternFor(Collective collective, DataType type, Reduction reduction) =>
        new TestPattern(collective, type, reduction, WorldSize) { Mark = _mark };

    /// <inheritdoc/>
    internal override TimedLoop CreateLoop(LoopSettings settings) => new HostLoop(this, settings);

    /// <inheritdoc/>
    public override void Execute(in CollectiveCall call)
    {
        try
        {
            _algorithms.For(call, Links.Reach).Run(Links, call);
        }
        catch (RunException ended) when (ended.Failure.Step is null)
        {
            long bytes = call.Collective.Bytes(call.Count, call.DataType.Size(), WorldSize);
            string step = call.Collective.HasData ? $"{call.Collective.Name} {bytes} B" : call.Collective.Name;
            throw new RunException(ended.Failure with { Step = step }, ended);
        }
    }

    /// <inheritdoc/>
    public override void LineUp()
    {
        try
        {
            Links.LineUp();
        }
        catch (RunException ended) when (ended.Failure.Step is null)
        {
            throw new RunException(ended.Failure with { Step = "lining up" }, ended);
        }
    }

    /// <inheritdoc/>
    public override CollectiveChoice ChoiceFor(in CollectiveCall call) => new(_algorithms.For(call, Links.Reach).Name);

    /// <inheritdoc/>
    public override void Dispose()
    {
        Links.Dispose();
        _buffers?.Free();
        _buffers = null;
    }
}
