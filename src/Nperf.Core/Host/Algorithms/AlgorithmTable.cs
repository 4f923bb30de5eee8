using System.Diagnostics;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Options;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Which algorithm a call takes: the first row of its collective that has room for its ranks and bytes (the size S of
/// the call). docs/algorithms.md says where the numbers come from.
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
    private static readonly Algorithm DirectGather = new DirectGather();
    private static readonly Algorithm DirectScatter = new DirectScatter();

    private static readonly Row[] AllReduce =
    [
        new(2, 192 * Ki, DoublingAllReduce),
        new(2, AnySize, RingAllReduce),
        new(AnyRanks, 64 * Ki, DoublingAllReduce),
        new(AnyRanks, AnySize, RingAllReduce),
    ];

    private static readonly Row[] AllGather =
    [
        new(2, AnySize, RingAllGather),
        new(AnyRanks, 64 * Ki, new BruckAllGather()),
        new(AnyRanks, AnySize, RingAllGather),
    ];

    private static readonly Row[] Broadcast =
    [
        new(AnyRanks, 64 * Ki, new BinomialBroadcast()),
        new(AnyRanks, AnySize, new ChainBroadcast()),
    ];

    private static readonly Row[] Reduce =
    [
        new(AnyRanks, 256 * Ki, new BinomialReduce()),
        new(AnyRanks, AnySize, new ChainReduce()),
    ];

    private static readonly Row[] ReduceScatter =
    [
        new(AnyRanks, 512 * Ki, new RecursiveHalvingReduceScatter()),
        new(AnyRanks, AnySize, new RingReduceScatter()),
    ];

    private static readonly Row[] AllToAll =
    [
        new(2, AnySize, PairwiseAllToAll),
        new(AnyRanks, 32 * Ki, new BruckAllToAll()),
        new(AnyRanks, AnySize, PairwiseAllToAll),
    ];

    private static readonly Row[] AllToAllV = [new(AnyRanks, AnySize, new PairwiseAllToAllV())];

    private static readonly Row[] Hypercube = [new(AnyRanks, AnySize, new RecursiveDoublingAllGather())];

    private static readonly Row[] Gather =
    [
        new(16, AnySize, DirectGather),
        new(AnyRanks, 64 * Ki, new BinomialGather()),
        new(AnyRanks, AnySize, DirectGather),
    ];

    private static readonly Row[] Scatter =
    [
        new(16, AnySize, DirectScatter),
        new(AnyRanks, 64 * Ki, new BinomialScatter()),
        new(AnyRanks, AnySize, DirectScatter),
    ];

    private static readonly Row[] SendRecv = [new(AnyRanks, AnySize, new RingShift())];

    private static readonly Row[] Barrier = [new(AnyRanks, AnySize, new DisseminationBarrier())];

    /// <summary>The algorithm for <paramref name="call"/> among <paramref name="worldSize"/> ranks.</summary>
    public static Algorithm For(in CollectiveCall call, int worldSize)
    {
        if (worldSize == 1) return Copy;
        Row[] rows = Rows(call.Collective);
        if (rows.Length == 1) return rows[0].Algorithm; // An alltoallv would have to go through all its pairs.
        long bytes = call.Collective.Bytes(call.Count, call.DataType.Size(), worldSize);
        foreach (Row row in rows)
        {
            if (worldSize <= row.UpToRanks && bytes <= row.UpToBytes) return row.Algorithm;
        }

        throw new UnreachableException();
    }

    /// <summary>All algorithms of <paramref name="collective"/> for two ranks or more.</summary>
    public static IReadOnlyList<Algorithm> Of(Collective collective) =>
        [.. Rows(collective).Select(row => row.Algorithm).Distinct()];

    /// <summary>The rows of <paramref name="collective"/>, in their order.</summary>
    public static IReadOnlyList<AlgorithmRule> RulesOf(Collective collective) =>
        [.. Rows(collective).Select(row => new AlgorithmRule(collective.Name, row.UpToRanks, row.UpToBytes, row.Algorithm.Name))];

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
        _ => throw new ArgumentOutOfRangeException(nameof(collective), collective.Name, "not a collective"),
    };

    private readonly record struct Row(int UpToRanks, long UpToBytes, Algorithm Algorithm);
}
