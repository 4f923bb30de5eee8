namespace Nperf.Core.Collectives;

/// <summary>The root ends with the reduction of all ranks' buffers.</summary>
internal sealed class Reduce : WholeBufferCollective
{
    /// <inheritdoc/>
    public override string Name => "reduce";

    /// <inheritdoc/>
    public override bool Reduces => true;

    /// <inheritdoc/>
    public override bool HasRoot => true;

    /// <inheritdoc/>
    public override long ReceiveCount(long count, int worldSize, int rank, int root) => rank == root ? count : 0;

    /// <inheritdoc/>
    public override IEnumerable<Segment> Expected(long count, int worldSize, int rank, int root) =>
        rank == root ? [new Segment(0, count, Segment.AllRanks, 0)] : [];
}
