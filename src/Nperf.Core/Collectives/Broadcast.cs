namespace Nperf.Core.Collectives;

/// <summary>Every rank, the root too, ends with the root's buffer.</summary>
internal sealed class Broadcast : WholeBufferCollective
{
    /// <inheritdoc/>
    public override string Name => "broadcast";

    /// <inheritdoc/>
    public override bool HasRoot => true;

    /// <inheritdoc/>
    public override long SendCount(long count, int worldSize, int rank, int root) => rank == root ? count : 0;

    /// <inheritdoc/>
    public override IEnumerable<Segment> Expected(long count, int worldSize, int rank, int root) =>
        [new Segment(0, count, root, 0)];
}
