namespace Nperf.Core.Collectives;

/// <summary>Every rank sends its buffer to the next rank and receives that of the one before, as a ring.</summary>
internal sealed class SendRecv : WholeBufferCollective
{
    /// <inheritdoc/>
    public override string Name => "sendrecv";

    /// <inheritdoc/>
    public override bool CanBeInPlace => false;

    /// <inheritdoc/>
    public override IEnumerable<Segment> Expected(long count, int worldSize, int rank, int root) =>
        [new Segment(0, count, (rank + worldSize - 1) % worldSize, 0)];
}
