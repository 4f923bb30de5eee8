using Nperf.Core.Collectives;
using Nperf.Native;

namespace Nperf.Core.NcclBackend;

/// <summary>Hands one collective to NCCL.</summary>
internal delegate void NcclOperation(in NcclTarget target, in CollectiveCall call);

/// <summary>Where a rank's operations go.</summary>
/// <param name="Libraries">NCCL, and the driver for copies.</param>
/// <param name="Communicator">The rank's ncclComm_t.</param>
/// <param name="Stream">The rank's stream.</param>
/// <param name="Rank">Its place in the communicator.</param>
/// <param name="WorldSize">How many ranks that has.</param>
/// <param name="Scratch">A few bytes on the GPU, for what needs no buffers.</param>
internal readonly record struct NcclTarget(
    GpuLibraries Libraries, nint Communicator, nint Stream, int Rank, int WorldSize, nint Scratch);

/// <summary>Every collective as calls of NCCL.</summary>
internal static class NcclOperations
{
    /// <summary>The calls for <paramref name="collective"/>.</summary>
    public static NcclOperation For(Collective collective, Nccl nccl) => collective switch
    {
        Collectives.AllReduce => AllReduce,
        Collectives.AllGather => AllGather,
        Collectives.Broadcast => Broadcast,
        Collectives.Reduce => Reduce,
        Collectives.ReduceScatter => ReduceScatter,
        Collectives.AllToAll => nccl.HasAllToAll ? AllToAll : AllToAllByPairs,
        Collectives.Gather => nccl.HasAllToAll ? Gather : GatherByPairs,
        Collectives.Scatter => nccl.HasAllToAll ? Scatter : ScatterByPairs,
        Collectives.SendRecv => SendRecv,
        Collectives.AllToAllV => AllToAllV,
        Collectives.Hypercube => Hypercube,
        Collectives.Barrier => Barrier,
        Collectives.PeerExchange { InTurns: true } => PeersInTurns,
        Collectives.PeerExchange => Peers,
        _ => throw new ArgumentOutOfRangeException(nameof(collective), collective.Name, "not a collective"),
    };

    /// <summary>NCCL has no barrier: the smallest allreduce is what ends on no rank before all have begun.</summary>
    public static void Barrier(in NcclTarget to, in CollectiveCall call) => to.Libraries.Nccl.AllReduce(
        to.Scratch, to.Scratch, 1, (int)NcclType.Float32, (int)NcclReduction.Sum, to.Communicator, to.Stream);

    private static void AllReduce(in NcclTarget to, in CollectiveCall call) => to.Libraries.Nccl.AllReduce(
        call.Send, call.Receive, (nuint)call.Count, (int)call.DataType, (int)call.Reduction, to.Communicator, to.Stream);

    private static void AllGather(in NcclTarget to, in CollectiveCall call) => to.Libraries.Nccl.AllGather(
        call.Send, call.Receive, (nuint)call.Count, (int)call.DataType, to.Communicator, to.Stream);

    private static void Broadcast(in NcclTarget to, in CollectiveCall call) => to.Libraries.Nccl.Broadcast(
        call.Send, call.Receive, (nuint)call.Count, (int)call.DataType, call.Root, to.Communicator, to.Stream);

    private static void Reduce(in NcclTarget to, in CollectiveCall call) => to.Libraries.Nccl.Reduce(
        call.Send, call.Receive, (nuint)call.Count, (int)call.DataType, (int)call.Reduction, call.Root, to.Communicator, to.Stream);

    private static void ReduceScatter(in NcclTarget to, in CollectiveCall call) => to.Libraries.Nccl.ReduceScatter(
        call.Send, call.Receive, (nuint)call.Count, (int)call.DataType, (int)call.Reduction, to.Communicator, to.Stream);

    private static void AllToAll(in NcclTarget to, in CollectiveCall call) => to.Libraries.Nccl.AllToAll(
        call.Send, call.Receive, (nuint)call.Count, (int)call.DataType, to.Communicator, to.Stream);

    private static void Gather(in NcclTarget to, in CollectiveCall call) => to.Libraries.Nccl.Gather(
        call.Send, call.Receive, (nuint)call.Count, (int)call.DataType, call.Root, to.Communicator, to.Stream);

    private static void Scatter(in NcclTarget to, in CollectiveCall call) => to.Libraries.Nccl.Scatter(
        call.Send, call.Receive, (nuint)call.Count, (int)call.DataType, call.Root, to.Communicator, to.Stream);

    private static void SendRecv(in NcclTarget to, in CollectiveCall call)
    {
        int next = (to.Rank + 1) % to.WorldSize, previous = (to.Rank + to.WorldSize - 1) % to.WorldSize;
        to.Libraries.Nccl.GroupStart();
        Send(to, call, call.Send, call.Count, next);
        Receive(to, call, call.Receive, call.Count, previous);
        to.Libraries.Nccl.GroupEnd();
    }

    // Before 2.28 NCCL leaves these to grouped sends and receives.
    private static void AllToAllByPairs(in NcclTarget to, in CollectiveCall call)
    {
        nint block = BlockBytes(call);
        to.Libraries.Nccl.GroupStart();
        for (int peer = 0; peer < to.WorldSize; peer++)
        {
            Send(to, call, call.Send + (peer * block), call.Count, peer);
            Receive(to, call, call.Receive + (peer * block), call.Count, peer);
        }
        to.Libraries.Nccl.GroupEnd();
    }

    private static void GatherByPairs(in NcclTarget to, in CollectiveCall call)
    {
        nint block = BlockBytes(call);
        to.Libraries.Nccl.GroupStart();
        Send(to, call, call.Send, call.Count, call.Root);
        for (int peer = 0; to.Rank == call.Root && peer < to.WorldSize; peer++)
            Receive(to, call, call.Receive + (peer * block), call.Count, peer);
        to.Libraries.Nccl.GroupEnd();
    }

    private static void ScatterByPairs(in NcclTarget to, in CollectiveCall call)
    {
        nint block = BlockBytes(call);
        to.Libraries.Nccl.GroupStart();
        for (int peer = 0; to.Rank == call.Root && peer < to.WorldSize; peer++)
            Send(to, call, call.Send + (peer * block), call.Count, peer);
        Receive(to, call, call.Receive, call.Count, call.Root);
        to.Libraries.Nccl.GroupEnd();
    }

    private static void AllToAllV(in NcclTarget to, in CollectiveCall call)
    {
        Traffic traffic = ((AllToAllV)call.Collective).Traffic;
        long element = Data.DataTypes.Size(call.DataType);
        nint send = call.Send, receive = call.Receive;
        to.Libraries.Nccl.GroupStart();
        for (int peer = 0; peer < to.WorldSize; peer++)
        {
            long sent = traffic.Count(to.Rank, peer, call.Count, to.WorldSize);
            long received = traffic.Count(peer, to.Rank, call.Count, to.WorldSize);
            if (sent > 0) Send(to, call, send, sent, peer);
            if (received > 0) Receive(to, call, receive, received, peer);
            send += (nint)(sent * element);
            receive += (nint)(received * element);
        }
        to.Libraries.Nccl.GroupEnd();
    }

    // Each round exchanges all blocks gathered so far with the rank whose number differs in one bit.
    private static void Hypercube(in NcclTarget to, in CollectiveCall call)
    {
        nint block = BlockBytes(call);
        nint own = call.Receive + (to.Rank * block);
        if (own != call.Send) to.Libraries.Cuda.CopyAsync(own, call.Send, block, to.Stream);
        for (int distance = 1; distance < to.WorldSize; distance *= 2)
        {
            int mine = to.Rank & ~(distance - 1), theirs = mine ^ distance;
            to.Libraries.Nccl.GroupStart();
            Send(to, call, call.Receive + (mine * block), call.Count * distance, to.Rank ^ distance);
            Receive(to, call, call.Receive + (theirs * block), call.Count * distance, to.Rank ^ distance);
            to.Libraries.Nccl.GroupEnd();
        }
    }

    private static void Peers(in NcclTarget to, in CollectiveCall call)
    {
        var exchange = (PeerExchange)call.Collective;
        int receiver = exchange.To(to.Rank), sender = exchange.From(to.Rank);
        to.Libraries.Nccl.GroupStart();
        if (receiver >= 0) Send(to, call, call.Send, call.Count, receiver);
        if (sender >= 0) Receive(to, call, call.Receive, call.Count, sender);
        to.Libraries.Nccl.GroupEnd();
    }

    // On one stream the second begins when the first is done.
    private static void PeersInTurns(in NcclTarget to, in CollectiveCall call)
    {
        int peer = ((PeerExchange)call.Collective).To(to.Rank);
        if (peer < 0) return;
        if (to.Rank > peer) Receive(to, call, call.Receive, call.Count, peer);
        Send(to, call, call.Send, call.Count, peer);
        if (to.Rank < peer) Receive(to, call, call.Receive, call.Count, peer);
    }

    private static nint BlockBytes(in CollectiveCall call) => (nint)(call.Count * Data.DataTypes.Size(call.DataType));

    private static void Send(in NcclTarget to, in CollectiveCall call, nint from, long count, int peer) =>
        to.Libraries.Nccl.Send(from, (nuint)count, (int)call.DataType, peer, to.Communicator, to.Stream);

    private static void Receive(in NcclTarget to, in CollectiveCall call, nint into, long count, int peer) =>
        to.Libraries.Nccl.Receive(into, (nuint)count, (int)call.DataType, peer, to.Communicator, to.Stream);
}
