namespace Nperf.Core.Collectives;

/// <summary>The root ends with every rank's block, in the order of the ranks.</summary>
internal sealed class Gather : BlockCollective
{
    /// <inheritdoc/>
    public override string Name => "gather";

    /// <inheritdoc/>
    public override bool HasRoot => true;

    /// <inheritdoc/>
    public override long SendCount(long count, int worldSize, int rank, int root) => count;

    /// <inheritdoc/>
    public override long ReceiveCount(long count, int worldSize, int rank, int root) =>
        rank == root ? count * worldSize : 0;

    /// <inheritdoc/>
    public override IEnumerable<Segment> Expected(long count, int worldSize, int rank, int root) =>
        rank == root ? BlockFromEveryRank(count, worldSize, sourceOffset: 0) : [];
}
