namespace Nperf.Core.Collectives;

/// <summary>Rank r ends with block r of the reduction of all ranks' buffers.</summary>
internal sealed class ReduceScatter : BlockCollective
{
    /// <inheritdoc/>
    public override string Name => "reducescatter";

    /// <inheritdoc/>
    public override bool Reduces => true;

    /// <inheritdoc/>
    public override long SendCount(long count, int worldSize, int rank, int root) => count * worldSize;

    /// <inheritdoc/>
    public override long ReceiveCount(long count, int worldSize, int rank, int root) => count;

    /// <inheritdoc/>
    public override IEnumerable<Segment> Expected(long count, int worldSize, int rank, int root) =>
        [new Segment(0, count, Segment.AllRanks, rank * count)];
}
