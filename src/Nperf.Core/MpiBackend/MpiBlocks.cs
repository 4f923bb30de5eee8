using Nperf.Core.Collectives;

namespace Nperf.Core.MpiBackend;

/// <summary>The counts and offsets of one rank's blocks in an alltoallv, in elements, at places that do not move.</summary>
internal sealed unsafe class MpiBlocks
{
    // A row each: counts and offsets of what is sent, counts and offsets of what is received.
    private readonly int[] _rows;
    private readonly int _ranks;

    /// <param name="traffic">Who sends how much to whom.</param>
    /// <param name="count">The call's count.</param>
    /// <param name="rank">Whose blocks these are.</param>
    /// <param name="worldSize">The number of ranks.</param>
    public MpiBlocks(Traffic traffic, long count, int rank, int worldSize)
    {
        _ranks = worldSize;
        _rows = GC.AllocateArray<int>(4 * worldSize, pinned: true);
        long sent = 0, received = 0;
        for (int peer = 0; peer < worldSize; peer++)
        {
            long toPeer = traffic.Count(rank, peer, count, worldSize), fromPeer = traffic.Count(peer, rank, count, worldSize);
            checked
            {
                (_rows[peer], _rows[_ranks + peer]) = ((int)toPeer, (int)sent);
                (_rows[2 * _ranks + peer], _rows[3 * _ranks + peer]) = ((int)fromPeer, (int)received);
            }

            sent += toPeer;
            received += fromPeer;
        }
    }

    /// <summary>What goes to each rank.</summary>
    public int* SendCounts => Row(0);

    /// <summary>Where in the send buffer that begins.</summary>
    public int* SendOffsets => Row(1);

    /// <summary>What comes from each rank.</summary>
    public int* ReceiveCounts => Row(2);

    /// <summary>Where in the receive buffer that begins.</summary>
    public int* ReceiveOffsets => Row(3);

    private int* Row(int row) => (int*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _rows[row * _ranks]);
}
