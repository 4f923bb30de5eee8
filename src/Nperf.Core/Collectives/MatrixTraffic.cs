using Nperf.Core.Options;

namespace Nperf.Core.Collectives;

/// <summary>Traffic as a matrix says: its bytes as they are, or scaled to the size asked for.</summary>
internal sealed class MatrixTraffic : Traffic
{
    private readonly long[] _bytes;
    private readonly int _worldSize;
    private readonly int _elementSize;
    private readonly bool _scaled;
    private readonly long _busiest;
    private readonly long _largest;

    /// <param name="matrix">Bytes from each rank to each; of more ranks than there are, the first.</param>
    /// <param name="worldSize">The number of ranks.</param>
    /// <param name="elementSize">The size of an element in bytes.</param>
    /// <param name="scaled">False: the bytes of the matrix as they are, whatever the size asked for.</param>
    /// <exception cref="RunException">The matrix has too few ranks, or nothing for any of these to send.</exception>
    public MatrixTraffic(TrafficMatrix matrix, int worldSize, int elementSize, bool scaled)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Refusal(worldSize) is { } refusal) throw Refuse(refusal);
        (_worldSize, _elementSize, _scaled) = (worldSize, elementSize, scaled);
        _bytes = [.. matrix.Rows.Take(worldSize).SelectMany(row => row.Take(worldSize))];
        _busiest = matrix.BusiestBytes(worldSize);
        _largest = _bytes.Max();
        if (!scaled && _largest < elementSize)
            throw Refuse($"nothing in it is as large as an element of {elementSize} bytes; name a size with -b");
    }

    /// <inheritdoc/>
    public override long Count(int from, int to, long count, int worldSize) =>
        Share(_bytes[from * _worldSize + to], count);

    /// <inheritdoc/>
    public override long CountFor(long bytes, int elementSize, int worldSize)
    {
        if (!_scaled) return Busiest(0, worldSize);
        long count = Math.Max(1, bytes / elementSize);
        while (Share(_largest, count) == 0) count++;
        return count;
    }

    /// <inheritdoc/>
    public override long Busiest(long count, int worldSize)
    {
        long busiest = 0;
        for (int rank = 0; rank < worldSize; rank++)
        {
            long sent = SendOffset(rank, worldSize, count, worldSize);
            long received = ReceiveOffset(worldSize, rank, count, worldSize);
            busiest = Math.Max(busiest, Math.Max(sent, received));
        }

        return busiest;
    }

    private long Share(long bytes, long count) => _scaled
        ? Whole((double)bytes * count / _busiest, Granule(_elementSize))
        : bytes / _elementSize;

    private static RunException Refuse(string reason) => new(FailureKind.Usage, $"--traffic: {reason}");
}
