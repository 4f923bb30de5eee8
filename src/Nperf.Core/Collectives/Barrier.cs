namespace Nperf.Core.Collectives;

/// <summary>No rank leaves before every rank has entered. It has a time and no bandwidth.</summary>
internal sealed class Barrier : WholeBufferCollective
{
    /// <inheritdoc/>
    public override string Name => "barrier";

    /// <inheritdoc/>
    public override bool CanBeInPlace => false;

    /// <inheritdoc/>
    public override bool HasData => false;

    /// <inheritdoc/>
    public override double BusFactor(int worldSize) => 0;

    /// <inheritdoc/>
    public override long CountFor(long bytes, int elementSize, int worldSize) => 0;

    /// <inheritdoc/>
    public override IEnumerable<Segment> Expected(long count, int worldSize, int rank, int root) => [];
}
