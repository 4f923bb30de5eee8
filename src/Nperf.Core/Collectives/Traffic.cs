namespace Nperf.Core.Collectives;

/// <summary>
/// How much each rank sends to each in an <see cref="AllToAllV"/>: computed alike on every rank, in whole elements, 0
/// among them. Immutable.
/// </summary>
internal abstract class Traffic
{
    /// <summary>What blocks are multiples of where they have so many bytes: GPUs copy what lies there best.</summary>
    private const int GranuleBytes = 16;

    /// <summary>Elements that <paramref name="from"/> sends to <paramref name="to"/>, itself among them.</summary>
    /// <param name="from">The sending rank.</param>
    /// <param name="to">The receiving rank.</param>
    /// <param name="count">The call's count: elements that the busiest rank is to send or receive.</param>
    /// <param name="worldSize">The number of ranks.</param>
    public abstract long Count(int from, int to, long count, int worldSize);

    /// <summary>The call's count for a size of <paramref name="bytes"/>: at least so much that some rank sends something.</summary>
    public abstract long CountFor(long bytes, int elementSize, int worldSize);

    /// <summary>Elements that the busiest rank sends or receives, whichever are more.</summary>
    public abstract long Busiest(long count, int worldSize);

    /// <summary>
    /// Where in the send buffer of <paramref name="from"/> the block for <paramref name="to"/> begins, in elements; for
    /// <paramref name="worldSize"/> its end.
    /// </summary>
    public long SendOffset(int from, int to, long count, int worldSize)
    {
        long offset = 0;
        for (int peer = 0; peer < to; peer++) offset += Count(from, peer, count, worldSize);
        return offset;
    }

    /// <summary>
    /// Where in the receive buffer of <paramref name="to"/> the block from <paramref name="from"/> begins, in elements;
    /// for <paramref name="worldSize"/> its end.
    /// </summary>
    public long ReceiveOffset(int from, int to, long count, int worldSize)
    {
        long offset = 0;
        for (int peer = 0; peer < from; peer++) offset += Count(peer, to, count, worldSize);
        return offset;
    }

    /// <summary>How many elements have 16 bytes, as <see cref="Whole"/> takes them.</summary>
    protected static int Granule(int elementSize) => GranuleBytes / elementSize;

    /// <summary>
    /// A share in whole elements, rounded down; one of a granule or more to a multiple of it. nccl-tests lets smaller
    /// ones go.
    /// </summary>
    protected static long Whole(double share, int granule)
    {
        long elements = (long)share;
        return elements < granule ? elements : elements - elements % granule;
    }
}
