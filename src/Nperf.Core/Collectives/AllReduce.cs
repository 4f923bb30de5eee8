namespace Nperf.Core.Collectives;

/// <summary>Every rank ends with the reduction of all ranks' buffers.</summary>
internal sealed class AllReduce : WholeBufferCollective
{
    /// <inheritdoc/>
    public override string Name => "allreduce";

    /// <inheritdoc/>
    public override bool Reduces => true;

    /// <inheritdoc/>
    public override double BusFactor(int worldSize) => 2.0 * (worldSize - 1) / worldSize;

    /// <inheritdoc/>
    public override IEnumerable<Segment> Expected(long count, int worldSize, int rank, int root) =>
        [new Segment(0, count, Segment.AllRanks, 0)];
}
