namespace Nperf.Core.Collectives;

/// <summary>A collective whose size is that of one rank's whole buffer: S = count × element.</summary>
internal abstract class WholeBufferCollective : Collective
{
    /// <inheritdoc/>
    public override double BusFactor(int worldSize) => 1;

    /// <inheritdoc/>
    public override long CountFor(long bytes, int elementSize, int worldSize) => Math.Max(1, bytes / elementSize);

    /// <inheritdoc/>
    public override long Bytes(long count, int elementSize, int worldSize) => count * elementSize;

    /// <inheritdoc/>
    public override long SendCount(long count, int worldSize, int rank, int root) => count;

    /// <inheritdoc/>
    public override long ReceiveCount(long count, int worldSize, int rank, int root) => count;
}
