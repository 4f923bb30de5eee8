namespace Nperf.Core.Collectives;

/// <summary>
/// Every rank sends each rank a block of a size of their own, as <see cref="Traffic"/> says. Blocks lie one after the
/// other, in the order of the ranks they go to or come from.
/// </summary>
/// <remarks>
/// The count argument is what the busiest rank is to send or receive; the size S is what it does, in whole elements:
/// the larger of both.
/// </remarks>
/// <param name="traffic">Who sends how much to whom.</param>
internal sealed class AllToAllV(Traffic traffic) : Collective
{
    /// <summary>Who sends how much to whom.</summary>
    public Traffic Traffic { get; } = traffic;

    /// <inheritdoc/>
    public override string Name => "alltoallv";

    /// <inheritdoc/>
    public override bool CanBeInPlace => false;

    /// <inheritdoc/>
    public override bool EndsUnevenly => Traffic is MatrixTraffic;

    /// <inheritdoc/>
    public override double BusFactor(int worldSize) => (worldSize - 1) / (double)worldSize;

    /// <inheritdoc/>
    public override long CountFor(long bytes, int elementSize, int worldSize) =>
        Traffic.CountFor(bytes, elementSize, worldSize);

    /// <inheritdoc/>
    public override long Bytes(long count, int elementSize, int worldSize) =>
        Traffic.Busiest(count, worldSize) * elementSize;

    /// <inheritdoc/>
    public override long SendCount(long count, int worldSize, int rank, int root) =>
        Traffic.SendOffset(rank, worldSize, count, worldSize);

    /// <inheritdoc/>
    public override long ReceiveCount(long count, int worldSize, int rank, int root) =>
        Traffic.ReceiveOffset(worldSize, rank, count, worldSize);

    /// <inheritdoc/>
    public override IEnumerable<Segment> Expected(long count, int worldSize, int rank, int root)
    {
        long offset = 0;
        for (int source = 0; source < worldSize; source++)
        {
            long block = Traffic.Count(source, rank, count, worldSize);
            if (block == 0) continue;
            yield return new Segment(offset, block, source, Traffic.SendOffset(source, rank, count, worldSize));
            offset += block;
        }
    }
}
