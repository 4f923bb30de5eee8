using Nperf.Core.Collectives;
using Nperf.Core.Data;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// The lowest rank of each host hears that its host has entered, has a barrier with those of the other hosts, and lets its
/// host go. ⌈log2 l⌉ steps each way on a host of l ranks, ⌈log2 h⌉ between hosts, each of one message a host. Source:
/// Karonis and others (2000).
/// </summary>
internal sealed unsafe class LeaderBarrier : Algorithm
{
    private static readonly Collective Broadcast = new Broadcast();
    private static readonly Collective Reduce = new Reduce();

    public override string Name => "hierarchical-leader";

    /// <summary>A leader does more.</summary>
    public override bool TreatsRanksAlike(int ranks) => false;

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        RankLinks within = links.Hierarchy!.Within;
        long token = 0;
        var up = new CollectiveCall(Reduce, DataType.Int64, Reduction.Sum, Root: 0, Count: 1, (nint)(&token), (nint)(&token));
        within.Run(up);
        if (within.Rank == 0) links.Hierarchy.Across(0).Run(call);
        within.Run(up with { Collective = Broadcast });
    }
}
