namespace Nperf.Core.Collectives;

/// <summary>A collective whose size is that of all ranks' blocks together: S = block × element × ranks.</summary>
internal abstract class BlockCollective : Collective
{
    /// <inheritdoc/>
    public override double BusFactor(int worldSize) => (worldSize - 1) / (double)worldSize;

    /// <inheritdoc/>
    public override long CountFor(long bytes, int elementSize, int worldSize) =>
        Math.Max(1, bytes / elementSize / worldSize);

    /// <inheritdoc/>
    public override long Bytes(long count, int elementSize, int worldSize) => count * elementSize * worldSize;

    /// <summary>Block r of the receive buffer comes from rank r, from <paramref name="sourceOffset"/> of its send buffer.</summary>
    protected static IEnumerable<Segment> BlockFromEveryRank(long count, int worldSize, long sourceOffset)
    {
        for (int source = 0; source < worldSize; source++)
            yield return new Segment(source * count, count, source, sourceOffset);
    }
}
