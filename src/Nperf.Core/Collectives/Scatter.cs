namespace Nperf.Core.Collectives;

/// <summary>Rank r ends with block r of the root's buffer.</summary>
internal sealed class Scatter : BlockCollective
{
    /// <inheritdoc/>
    public override string Name => "scatter";

    /// <inheritdoc/>
    public override bool HasRoot => true;

    /// <inheritdoc/>
    public override long SendCount(long count, int worldSize, int rank, int root) =>
        rank == root ? count * worldSize : 0;

    /// <inheritdoc/>
    public override long ReceiveCount(long count, int worldSize, int rank, int root) => count;

    /// <inheritdoc/>
    public override IEnumerable<Segment> Expected(long count, int worldSize, int rank, int root) =>
        [new Segment(0, count, root, rank * count)];
}
