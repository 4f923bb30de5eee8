using Nperf.Core.Collectives;
using Nperf.Core.Data;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Which hierarchical algorithm a call takes where ranks are on several hosts: the first row of its collective that has
/// room for its bytes and fits the layout. Where there is none, or it has none, the call takes its algorithm from
/// <see cref="AlgorithmTable"/>. docs/algorithms.md says where the numbers come from.
/// </summary>
internal static class HierarchicalTable
{
    private const long AnySize = long.MaxValue;
    private const long Ki = 1024;

    private static readonly Algorithm LeaderAllReduce = new LeaderAllReduce();

    private static readonly Row[] AllReduce =
    [
        new(Fits.Any, 16 * Ki, LeaderAllReduce),
        new(Fits.Even, AnySize, new HierarchicalAllReduce()),
        new(Fits.Any, AnySize, LeaderAllReduce),
    ];

    private static readonly Row[] AllGather =
    [
        new(Fits.Even, AnySize, new HierarchicalAllGather()),
        new(Fits.Any, 64 * Ki, null),
        new(Fits.Unordered, AnySize, new OrderedRingAllGather()),
    ];

    private static readonly Row[] Broadcast =
    [
        new(Fits.Any, 64 * Ki, new LeaderBroadcast()),
        new(Fits.Unordered, AnySize, new OrderedChain(new ChainBroadcast())),
    ];

    private static readonly Row[] Reduce =
    [
        new(Fits.Any, 256 * Ki, new LeaderReduce()),
        new(Fits.Unordered, AnySize, new OrderedChain(new ChainReduce())),
    ];

    private static readonly Row[] ReduceScatter =
    [
        new(Fits.Even, AnySize, new HierarchicalReduceScatter()),
        new(Fits.Any, 512 * Ki, null),
        new(Fits.Unordered, AnySize, new OrderedRingReduceScatter()),
    ];

    private static readonly Row[] Barrier = [new(Fits.Any, AnySize, new LeaderBarrier())];

    private enum Fits
    {
        Any,
        Even,
        Unordered,
    }

    /// <summary>The algorithm for <paramref name="call"/>, or null where one of ranks without hosts is to be taken.</summary>
    public static Algorithm? For(in CollectiveCall call, HostLayout? layout)
    {
        if (layout is null) return null;
        Row[] rows = Rows(call.Collective);
        if (rows.Length == 0) return null;
        long bytes = call.Collective.Bytes(call.Count, call.DataType.Size(), layout.InOrder.Length);
        foreach (Row row in rows)
        {
            if (bytes <= row.UpToBytes && row.Takes(layout)) return row.Algorithm;
        }

        return null;
    }

    /// <summary>All hierarchical algorithms of <paramref name="collective"/>.</summary>
    public static IReadOnlyList<Algorithm> Of(Collective collective) =>
        [.. Rows(collective).Select(row => row.Algorithm).OfType<Algorithm>().Distinct()];

    /// <summary>Those that ranks with this <paramref name="layout"/> can run; none where they have none.</summary>
    public static IReadOnlyList<Algorithm> Of(Collective collective, HostLayout? layout) =>
        layout is null ? [] : [.. Of(collective).Where(one => layout.IsEven || !one.NeedsEvenHosts)];

    private static Row[] Rows(Collective collective) => collective switch
    {
        Collectives.AllReduce => AllReduce,
        Collectives.AllGather => AllGather,
        Collectives.Broadcast => Broadcast,
        Collectives.Reduce => Reduce,
        Collectives.ReduceScatter => ReduceScatter,
        Collectives.Barrier => Barrier,
        _ => [],
    };

    private readonly record struct Row(Fits Fits, long UpToBytes, Algorithm? Algorithm)
    {
        public bool Takes(HostLayout layout) => Fits switch
        {
            Fits.Even => layout.IsEven,
            Fits.Unordered => !layout.IsOrdered,
            _ => true,
        };
    }
}
