using System.Runtime.InteropServices;
using Nperf.Core.Collectives;

namespace Nperf.Core.MpiBackend;

/// <summary>Carries one collective out by MPI; returns when this rank's part is done.</summary>
internal delegate void MpiOperation(MpiArguments with, in CollectiveCall call);

/// <summary>Every collective as blocking calls of MPI.</summary>
internal static unsafe class MpiOperations
{
    /// <summary>What only needs to be the same on both sides: a communicator has no other messages.</summary>
    private const int Tag = 1;

    /// <summary>The calls for <paramref name="collective"/>.</summary>
    public static MpiOperation For(Collective collective) => collective switch
    {
        Collectives.AllReduce => AllReduce,
        Collectives.AllGather => AllGather,
        Collectives.Broadcast => Broadcast,
        Collectives.Reduce => Reduce,
        Collectives.ReduceScatter => ReduceScatter,
        Collectives.AllToAll => AllToAll,
        Collectives.AllToAllV => AllToAllV,
        Collectives.Gather => Gather,
        Collectives.Scatter => Scatter,
        Collectives.SendRecv => SendRecv,
        Collectives.Hypercube => Hypercube,
        Collectives.Barrier => Barrier,
        _ => throw new ArgumentOutOfRangeException(nameof(collective), collective.Name, "not a collective"),
    };

    /// <summary>
    /// How the buffers of <paramref name="rank"/> lie in an in-place call of MPI: as NCCL has it, but for a reducescatter's
    /// result, which is at the start of the buffer (MPI 4.0, 6.10.1).
    /// </summary>
    public static InPlace InPlaceOf(Collective collective, long count, int worldSize, int rank, int root)
    {
        InPlace place = collective.InPlaceOf(count, worldSize, rank, root);
        return collective is Collectives.ReduceScatter ? place with { ReceiveOffset = 0 } : place;
    }

    private static void AllReduce(MpiArguments with, in CollectiveCall call) => with.Mpi.AllReduce(
        Given(with, call), call.Receive, with.Count, with.Type, with.Reduction, with.Communicator);

    private static void AllGather(MpiArguments with, in CollectiveCall call) => with.Mpi.AllGather(
        Given(with, call), call.Receive, with.Count, with.Type, with.Communicator);

    // MPI has one buffer. Where the root's are apart, its copy is a part of the operation, as with the other backends.
    private static void Broadcast(MpiArguments with, in CollectiveCall call)
    {
        with.Mpi.Broadcast(
            with.IsRoot ? call.Send : call.Receive, with.Count, with.Type, with.Root, with.Communicator);
        if (with.IsRoot) Copy(call.Receive, call.Send, with.Bytes);
    }

    private static void Reduce(MpiArguments with, in CollectiveCall call) => with.Mpi.Reduce(
        with.IsRoot ? Given(with, call) : call.Send, call.Receive, with.Count, with.Type, with.Reduction, with.Root,
        with.Communicator);

    private static void ReduceScatter(MpiArguments with, in CollectiveCall call) => with.Mpi.ReduceScatter(
        Given(with, call), call.Receive, with.Count, with.Type, with.Reduction, with.Communicator);

    private static void AllToAll(MpiArguments with, in CollectiveCall call) =>
        with.Mpi.AllToAll(call.Send, call.Receive, with.Count, with.Type, with.Communicator);

    private static void AllToAllV(MpiArguments with, in CollectiveCall call)
    {
        MpiBlocks blocks = with.Blocks!;
        with.Mpi.AllToAllV(
            call.Send, blocks.SendCounts, blocks.SendOffsets, call.Receive, blocks.ReceiveCounts, blocks.ReceiveOffsets,
            with.Type, with.Communicator);
    }

    private static void Gather(MpiArguments with, in CollectiveCall call) => with.Mpi.Gather(
        with.IsRoot ? Given(with, call) : call.Send, call.Receive, with.Count, with.Type, with.Root, with.Communicator);

    private static void Scatter(MpiArguments with, in CollectiveCall call) => with.Mpi.Scatter(
        call.Send, with.IsRoot && call.InPlace ? with.Mpi.Handles.InPlace : call.Receive, with.Count, with.Type, with.Root,
        with.Communicator);

    private static void SendRecv(MpiArguments with, in CollectiveCall call)
    {
        int next = (with.Rank + 1) % with.WorldSize, previous = (with.Rank + with.WorldSize - 1) % with.WorldSize;
        Exchange(with, call.Send, next, call.Receive, previous, with.Count);
    }

    // Each round exchanges all blocks gathered so far with the rank whose number differs in one bit.
    private static void Hypercube(MpiArguments with, in CollectiveCall call)
    {
        nint block = with.Bytes;
        Copy(call.Receive + with.Rank * block, call.Send, block);
        for (int distance = 1; distance < with.WorldSize; distance *= 2)
        {
            int peer = with.Rank ^ distance;
            int mine = with.Rank & -distance, theirs = mine ^ distance;
            Exchange(
                with, call.Receive + mine * block, peer, call.Receive + theirs * block, peer, with.Count * distance);
        }
    }

    private static void Barrier(MpiArguments with, in CollectiveCall call) => with.Mpi.Barrier(with.Communicator);

    private static void Exchange(MpiArguments with, nint send, int to, nint receive, int from, int count) =>
        with.Mpi.SendReceive(
            send, count, with.Type, to, Tag, receive, count, with.Type, from, Tag, with.Communicator);

    /// <summary>The send buffer, as MPI is told of it.</summary>
    private static nint Given(MpiArguments with, in CollectiveCall call) =>
        call.InPlace ? with.Mpi.Handles.InPlace : call.Send;

    private static void Copy(nint destination, nint source, nint bytes)
    {
        if (destination != source) NativeMemory.Copy((void*)source, (void*)destination, (nuint)bytes);
    }
}
