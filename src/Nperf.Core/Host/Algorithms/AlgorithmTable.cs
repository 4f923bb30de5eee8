using System.Diagnostics;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Options;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Which algorithm a call takes: the first row of its collective that has room for its ranks and bytes (the size S of
/// the call), asks for no more reach than they have, and for no crowd where there is none. docs/algorithms.md says where the numbers come from.
/// </summary>
internal static class AlgorithmTable
{
    private const int AnyRanks = AlgorithmRule.AnyRanks;
    private const long AnySize = AlgorithmRule.AnyBytes;
    private const long Ki = 1024;

    private static readonly Algorithm Copy = new LocalCopy();
    private static readonly Algorithm RingAllGather = new RingAllGather();
    private static readonly Algorithm RingAllReduce = new RingAllReduce();
    private static readonly Algorithm DoublingAllReduce = new RecursiveDoublingAllReduce();
    private static readonly Algorithm PairwiseAllToAll = new PairwiseAllToAll();
    private static readonly Algorithm PairwiseAllToAllV = new PairwiseAllToAllV();
    private static readonly Algorithm DirectGather = new DirectGather();
    private static readonly Algorithm DirectScatter = new DirectScatter();

    private static readonly Algorithm BruckAllGather = new BruckAllGather();
    private static readonly Algorithm BruckAllToAll = new BruckAllToAll();
    private static readonly Algorithm BinomialBroadcast = new BinomialBroadcast();
    private static readonly Algorithm ChainBroadcast = new ChainBroadcast();
    private static readonly Algorithm BinomialReduce = new BinomialReduce();
    private static readonly Algorithm BinomialGather = new BinomialGather();
    private static readonly Algorithm BinomialScatter = new BinomialScatter();
    private static readonly Algorithm HalvingReduceScatter = new RecursiveHalvingReduceScatter();
    private static readonly Algorithm Shift = new RingShift();
    private static readonly Algorithm CopyAllReduce = new SingleCopyAllReduce();
    private static readonly Algorithm CopyAllGather = new SingleCopyAllGather();
    private static readonly Algorithm CopyBroadcast = new SingleCopyBroadcast();
    private static readonly Algorithm CopyReduceScatter = new SingleCopyReduceScatter();
    private static readonly Algorithm CopyAllToAll = new SingleCopyAllToAll();
    private static readonly Algorithm CopyAllToAllV = new SingleCopyAllToAllV();
    private static readonly Algorithm CopyGather = new SingleCopyGather();
    private static readonly Algorithm CopyScatter = new SingleCopyScatter();
    private static readonly Algorithm CopySendRecv = new SingleCopySendRecv();

    private static readonly Row[] AllReduce =
    [
        Crowded(AnyRanks, 16 * Ki, DoublingAllReduce),
        Crowded(AnyRanks, 64 * Ki, RingAllReduce),
        new(AnyRanks, 2 * Ki, DoublingAllReduce),
        new(AnyRanks, AnySize, CopyAllReduce, MemoryReach.Maps),
        new(AnyRanks, 16 * Ki, DoublingAllReduce),
        new(AnyRanks, AnySize, CopyAllReduce, MemoryReach.Copies),
        new(2, 192 * Ki, DoublingAllReduce),
        new(2, AnySize, RingAllReduce),
        new(AnyRanks, 64 * Ki, DoublingAllReduce),
        new(AnyRanks, AnySize, RingAllReduce),
    ];

    private static readonly Row[] AllGather =
    [
        Crowded(AnyRanks, 16 * Ki, BruckAllGather),
        Crowded(AnyRanks, 128 * Ki, RingAllGather),
        new(2, 2 * Ki, RingAllGather),
        new(AnyRanks, 2 * Ki, BruckAllGather),
        new(AnyRanks, AnySize, CopyAllGather, MemoryReach.Maps),
        new(2, 8 * Ki, RingAllGather),
        new(AnyRanks, 8 * Ki, BruckAllGather),
        new(AnyRanks, AnySize, CopyAllGather, MemoryReach.Copies),
        new(2, AnySize, RingAllGather),
        new(AnyRanks, 64 * Ki, BruckAllGather),
        new(AnyRanks, AnySize, RingAllGather),
    ];

    private static readonly Row[] Broadcast =
    [
        Crowded(AnyRanks, 32 * Ki, BinomialBroadcast),
        Crowded(AnyRanks, 128 * Ki, ChainBroadcast),
        new(AnyRanks, 8 * Ki, BinomialBroadcast),
        new(AnyRanks, AnySize, CopyBroadcast, MemoryReach.Maps),
        new(AnyRanks, 16 * Ki, BinomialBroadcast),
        new(AnyRanks, AnySize, CopyBroadcast, MemoryReach.Copies),
        new(AnyRanks, 64 * Ki, BinomialBroadcast),
        new(AnyRanks, AnySize, ChainBroadcast),
    ];

    private static readonly Row[] Reduce =
    [
        new(AnyRanks, 4 * Ki, BinomialReduce),
        new(AnyRanks, AnySize, new SingleCopyReduce(), MemoryReach.Maps),
        new(AnyRanks, 256 * Ki, BinomialReduce),
        new(AnyRanks, AnySize, new ChainReduce()),
    ];

    private static readonly Row[] ReduceScatter =
    [
        Crowded(AnyRanks, 64 * Ki, HalvingReduceScatter),
        new(AnyRanks, 2 * Ki, HalvingReduceScatter),
        new(AnyRanks, AnySize, CopyReduceScatter, MemoryReach.Maps),
        new(AnyRanks, 16 * Ki, HalvingReduceScatter),
        new(AnyRanks, 1024 * Ki, CopyReduceScatter, MemoryReach.Copies),
        new(AnyRanks, 512 * Ki, HalvingReduceScatter),
        new(AnyRanks, AnySize, new RingReduceScatter()),
    ];

    private static readonly Row[] AllToAll =
    [
        Crowded(AnyRanks, 8 * Ki, BruckAllToAll),
        Crowded(AnyRanks, 32 * Ki, PairwiseAllToAll),
        new(2, 2 * Ki, PairwiseAllToAll),
        new(AnyRanks, 2 * Ki, BruckAllToAll),
        new(AnyRanks, AnySize, CopyAllToAll, MemoryReach.Maps),
        new(2, 8 * Ki, PairwiseAllToAll),
        new(AnyRanks, 8 * Ki, BruckAllToAll),
        new(AnyRanks, AnySize, CopyAllToAll, MemoryReach.Copies),
        new(2, AnySize, PairwiseAllToAll),
        new(AnyRanks, 32 * Ki, BruckAllToAll),
        new(AnyRanks, AnySize, PairwiseAllToAll),
    ];

    private static readonly Row[] AllToAllV =
    [
        Crowded(AnyRanks, 32 * Ki, PairwiseAllToAllV),
        new(AnyRanks, 2 * Ki, PairwiseAllToAllV),
        new(AnyRanks, AnySize, CopyAllToAllV, MemoryReach.Maps),
        new(AnyRanks, 8 * Ki, PairwiseAllToAllV),
        new(AnyRanks, AnySize, CopyAllToAllV, MemoryReach.Copies),
        new(AnyRanks, AnySize, PairwiseAllToAllV),
    ];

    private static readonly Row[] Hypercube = [new(AnyRanks, AnySize, new RecursiveDoublingAllGather())];

    private static readonly Row[] Gather =
    [
        Crowded(4, 512 * Ki, DirectGather),
        Crowded(16, 1024 * Ki, DirectGather),
        new(16, 16 * Ki, DirectGather),
        new(AnyRanks, 16 * Ki, BinomialGather),
        new(AnyRanks, AnySize, CopyGather, MemoryReach.Maps),
        new(16, 32 * Ki, DirectGather),
        new(AnyRanks, 32 * Ki, BinomialGather),
        new(AnyRanks, AnySize, CopyGather, MemoryReach.Copies),
        new(16, AnySize, DirectGather),
        new(AnyRanks, 64 * Ki, BinomialGather),
        new(AnyRanks, AnySize, DirectGather),
    ];

    private static readonly Row[] Scatter =
    [
        Crowded(4, 512 * Ki, DirectScatter),
        Crowded(16, 1024 * Ki, DirectScatter),
        new(16, 16 * Ki, DirectScatter),
        new(AnyRanks, 16 * Ki, BinomialScatter),
        new(AnyRanks, AnySize, CopyScatter, MemoryReach.Maps),
        new(16, 32 * Ki, DirectScatter),
        new(AnyRanks, 32 * Ki, BinomialScatter),
        new(AnyRanks, AnySize, CopyScatter, MemoryReach.Copies),
        new(16, AnySize, DirectScatter),
        new(AnyRanks, 64 * Ki, BinomialScatter),
        new(AnyRanks, AnySize, DirectScatter),
    ];

    private static readonly Row[] SendRecv =
    [
        Crowded(4, 64 * Ki, Shift),
        Crowded(AnyRanks, 128 * Ki, Shift),
        new(AnyRanks, 2 * Ki, Shift),
        new(AnyRanks, AnySize, CopySendRecv, MemoryReach.Maps),
        new(AnyRanks, 4 * Ki, Shift),
        new(AnyRanks, AnySize, CopySendRecv, MemoryReach.Copies),
        new(AnyRanks, AnySize, Shift),
    ];

    private static readonly Row[] Barrier = [new(AnyRanks, AnySize, new DisseminationBarrier())];

    private static readonly Row[] PeerExchange = [new(AnyRanks, AnySize, new PeerTransfer())];

    /// <summary>
    /// The algorithm for <paramref name="call"/> among <paramref name="worldSize"/> ranks that have this <paramref name="reach"/>;
    /// <paramref name="crowded"/>: more of them than there are processors share a machine.
    /// </summary>
    public static Algorithm For(in CollectiveCall call, int worldSize, MemoryReach reach, bool crowded = false)
    {
        if (worldSize == 1) return Copy;
        Row[] rows = Rows(call.Collective);
        if (rows.Length == 1) return rows[0].Algorithm;
        long bytes = call.Collective.Bytes(call.Count, call.DataType.Size(), worldSize);
        foreach (Row row in rows)
        {
            if (worldSize <= row.UpToRanks && bytes <= row.UpToBytes && reach >= row.Reach && (crowded || !row.Crowded)) return row.Algorithm;
        }

        throw new UnreachableException();
    }

    /// <summary>All algorithms of <paramref name="collective"/> for two ranks or more.</summary>
    public static IReadOnlyList<Algorithm> Of(Collective collective) =>
        [.. Rows(collective).Select(row => row.Algorithm).Distinct()];

    /// <summary>The rows of <paramref name="collective"/>, in their order.</summary>
    public static IReadOnlyList<AlgorithmRule> RulesOf(Collective collective) =>
        [.. Rows(collective).Select(row => new AlgorithmRule(collective.Name, row.UpToRanks, row.UpToBytes, row.Algorithm.Name, row.Reach, row.Crowded))];

    /// <summary>In place of single copies where ranks share processors; over TCP alone the other rows hold as they are.</summary>
    private static Row Crowded(int upToRanks, long upToBytes, Algorithm algorithm) =>
        new(upToRanks, upToBytes, algorithm, MemoryReach.Copies, Crowded: true);

    private static Row[] Rows(Collective collective) => collective switch
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
        Collectives.PeerExchange => PeerExchange,
        _ => throw new ArgumentOutOfRangeException(nameof(collective), collective.Name, "not a collective"),
    };

    private readonly record struct Row(
        int UpToRanks, long UpToBytes, Algorithm Algorithm, MemoryReach Reach = MemoryReach.None, bool Crowded = false);
}
