namespace Nperf.Core.Collectives;

/// <summary>
/// One collective operation, described once for every backend: its name, what a size in bytes means for it, the
/// buffers each rank needs, its bandwidth factor and what must stand in the receive buffers afterwards.
/// </summary>
/// <remarks>
/// <c>count</c> is the count argument of the operation as NCCL has it: elements of the buffer for allreduce, broadcast,
/// reduce and sendrecv; elements of one rank's block for allgather, reducescatter, alltoall, gather, scatter and
/// hypercube; elements that the busiest rank is to send or receive for alltoallv.
/// Sizes and bandwidth factors follow nccl-tests (doc/PERFORMANCE.md), so that figures compare.
/// </remarks>
internal abstract class Collective
{
    /// <summary>The name on the command line and in results, for example <c>allreduce</c>.</summary>
    public abstract string Name { get; }

    /// <summary>True when ranks' values are combined, so that a reduction has to be chosen.</summary>
    public virtual bool Reduces => false;

    /// <summary>True when one rank is the root.</summary>
    public virtual bool HasRoot => false;

    /// <summary>
    /// True where a rank may be done long before another, its part being smaller: the operation takes until every rank is
    /// done. With a root it is so.
    /// </summary>
    public virtual bool EndsUnevenly => HasRoot;

    /// <summary>False for the barrier, which has no size.</summary>
    public virtual bool HasData => true;

    /// <summary>
    /// The factor from algorithm bandwidth to bus bandwidth among <paramref name="worldSize"/> ranks. At one rank it is
    /// 0 or 1 and means nothing.
    /// </summary>
    public abstract double BusFactor(int worldSize);

    /// <summary>
    /// Whole elements for a size of <paramref name="bytes"/>, rounded down and at least 1: a size too small to divide
    /// among the ranks becomes the smallest that does.
    /// </summary>
    public abstract long CountFor(long bytes, int elementSize, int worldSize);

    /// <summary>The size S in bytes that <paramref name="count"/> stands for: what the bandwidth is computed from.</summary>
    public abstract long Bytes(long count, int elementSize, int worldSize);

    /// <summary>Elements in the send buffer of <paramref name="rank"/>; 0 where it sends nothing.</summary>
    public abstract long SendCount(long count, int worldSize, int rank, int root);

    /// <summary>Elements in the receive buffer of <paramref name="rank"/>; 0 where it receives nothing.</summary>
    public abstract long ReceiveCount(long count, int worldSize, int rank, int root);

    /// <summary>True when a rank's send and receive buffer may be one: every rank's then are.</summary>
    public virtual bool CanBeInPlace => true;

    /// <summary>
    /// How the buffers of <paramref name="rank"/> lie in an in-place call: a buffer of all blocks holds the rank's own
    /// block in its place; two buffers of one size are the same.
    /// </summary>
    public InPlace InPlaceOf(long count, int worldSize, int rank, int root)
    {
        long send = SendCount(count, worldSize, rank, root), receive = ReceiveCount(count, worldSize, rank, root);
        long own = send == receive || send == 0 || receive == 0 ? 0 : rank * count;
        return receive >= send ? new InPlace(true, own, 0) : new InPlace(false, 0, own);
    }

    /// <summary>Why it cannot be run among <paramref name="worldSize"/> ranks, or null where it can.</summary>
    public virtual string? Refusal(int worldSize) => null;

    /// <summary>What the receive buffer of <paramref name="rank"/> must hold afterwards, segment by segment.</summary>
    public abstract IEnumerable<Segment> Expected(long count, int worldSize, int rank, int root);
}
