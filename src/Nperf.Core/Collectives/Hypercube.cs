using System.Numerics;

namespace Nperf.Core.Collectives;

/// <summary>
/// Every rank ends with every rank's block, in the order of the ranks, by exchanges with the rank that differs in one
/// bit: twice as many blocks each time. The number of ranks is a power of two.
/// </summary>
/// <remarks>
/// As nccl-tests has it: a size asked for is that of all ranks' blocks together, the size S that the bandwidth is
/// computed from that of the blocks a rank sends, S = block × element × (ranks - 1); of one rank alone, its block's.
/// </remarks>
internal sealed class Hypercube : BlockCollective
{
    /// <inheritdoc/>
    public override string Name => "hypercube";

    /// <inheritdoc/>
    public override double BusFactor(int worldSize) => 1;

    /// <inheritdoc/>
    public override long Bytes(long count, int elementSize, int worldSize) =>
        count * elementSize * Math.Max(1, worldSize - 1);

    /// <inheritdoc/>
    public override long SendCount(long count, int worldSize, int rank, int root) => count;

    /// <inheritdoc/>
    public override long ReceiveCount(long count, int worldSize, int rank, int root) => count * worldSize;

    /// <inheritdoc/>
    public override string? Refusal(int worldSize) => BitOperations.IsPow2(worldSize)
        ? null
        : $"{Name} needs a power of two ranks, and there are {worldSize}";

    /// <inheritdoc/>
    public override IEnumerable<Segment> Expected(long count, int worldSize, int rank, int root) =>
        BlockFromEveryRank(count, worldSize, sourceOffset: 0);
}
