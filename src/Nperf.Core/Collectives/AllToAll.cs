namespace Nperf.Core.Collectives;

/// <summary>Block d of rank r's buffer ends as block r of rank d's.</summary>
internal sealed class AllToAll : BlockCollective
{
    /// <inheritdoc/>
    public override string Name => "alltoall";

    /// <inheritdoc/>
    public override bool CanBeInPlace => false;

    /// <inheritdoc/>
    public override long SendCount(long count, int worldSize, int rank, int root) => count * worldSize;

    /// <inheritdoc/>
    public override long ReceiveCount(long count, int worldSize, int rank, int root) => count * worldSize;

    /// <inheritdoc/>
    public override IEnumerable<Segment> Expected(long count, int worldSize, int rank, int root) =>
        BlockFromEveryRank(count, worldSize, sourceOffset: rank * count);
}
