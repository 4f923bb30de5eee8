using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host.Algorithms;
using Nperf.Core.Liveness;
using Nperf.Core.Rendezvous;
using Nperf.Core.Verification;

namespace Nperf.Core.Host;

/// <summary>One rank of the host backend: nperf's own collectives on CPU memory.</summary>
public sealed class HostCommunicator : Communicator
{
    private readonly World _world;
    private readonly RankMark _mark;

    /// <summary>A rank of the world over its links to its group.</summary>
    internal HostCommunicator(int worldRank, Groups groups, Link[] links, Control control)
    {
        _world = control.World;
        _mark = control.Marks.Of(worldRank);
        WorldRank = worldRank;
        CongestionControl = links.OfType<Tcp.TcpLink>().FirstOrDefault()?.CongestionControl;
        int rank = groups.RankOf(worldRank);
        Links = new RankLinks(rank, links, new Waiter(
            rank, groups.MembersWith(worldRank), control.World, control.AbortSignal, control.Options.Timeout,
            control.Watch, _mark), _mark);
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
    public override void EnterThread() => ProcessorBinding.Bind(_world, WorldRank);

    /// <inheritdoc/>
    internal override RankBuffers Allocate(long sendBytes, long receiveBytes) => new HostBuffers(sendBytes, receiveBytes, _mark);

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
            AlgorithmTable.For(call, WorldSize).Run(Links, call);
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
    public override CollectiveChoice ChoiceFor(in CollectiveCall call) => new(AlgorithmTable.For(call, WorldSize).Name);

    /// <inheritdoc/>
    public override void Dispose() => Links.Dispose();
}
