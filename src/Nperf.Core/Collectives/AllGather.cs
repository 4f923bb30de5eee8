namespace Nperf.Core.Collectives;

/// <summary>Every rank ends with every rank's block, in the order of the ranks.</summary>
internal sealed class AllGather : BlockCollective
{
    /// <inheritdoc/>
    public override string Name => "allgather";

    /// <inheritdoc/>
    public override long SendCount(long count, int worldSize, int rank, int root) => count;

    /// <inheritdoc/>
    public override long ReceiveCount(long count, int worldSize, int rank, int root) => count * worldSize;

    /// <inheritdoc/>
    public override IEnumerable<Segment> Expected(long count, int worldSize, int rank, int root) =>
        BlockFromEveryRank(count, worldSize, sourceOffset: 0);
}
