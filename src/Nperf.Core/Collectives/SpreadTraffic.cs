namespace Nperf.Core.Collectives;

/// <summary>
/// Traffic that grows with the distance between ranks, as nccl-tests' alltoallv has it: every rank sends and receives
/// as much as any other, but not to and from each.
/// </summary>
/// <remarks>
/// With n ranks and distance d = (to - from) mod n, of what a rank sends the part (1 - spread) is divided evenly, 1/n to
/// each, and the part spread by distance, d / (0 + 1 + ... + n-1): nothing to itself, most to the rank before it.
/// </remarks>
internal sealed class SpreadTraffic : Traffic
{
    private readonly double _spread;
    private readonly int _granule;

    /// <param name="spread">From 0, the same to every rank, to 1, by distance alone.</param>
    /// <param name="elementSize">The size of an element in bytes.</param>
    public SpreadTraffic(double spread, int elementSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(spread);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(spread, 1);
        (_spread, _granule) = (spread, Granule(elementSize));
    }

    /// <inheritdoc/>
    public override long Count(int from, int to, long count, int worldSize)
    {
        if (worldSize == 1) return Whole(count, _granule);
        long distance = to >= from ? to - from : to - from + worldSize;
        long distances = worldSize * (worldSize - 1L) / 2;
        double even = (double)count / worldSize;
        double distant = (double)count * distance / distances;
        return Whole((1 - _spread) * even + _spread * distant, _granule);
    }

    /// <inheritdoc/>
    public override long CountFor(long bytes, int elementSize, int worldSize)
    {
        // The rank before has the largest share of all.
        long count = Math.Max(1, bytes / elementSize);
        while (Count(0, worldSize - 1, count, worldSize) == 0) count++;
        return count;
    }

    /// <inheritdoc/>
    public override long Busiest(long count, int worldSize) => SendOffset(0, worldSize, count, worldSize);
}
