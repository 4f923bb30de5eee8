using Nperf.Core.Collectives;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// The lowest rank of each host has the sum of its host, allreduces it with those of the other hosts, and broadcasts the
/// result on its host. ⌈log2 l⌉ steps each way on a host of l ranks; between hosts the steps of an allreduce among as many
/// ranks as there are hosts, and the bytes of one of them a host. Source: Karonis, de Supinski, Foster, Gropp, Lusk,
/// Bresnahan, "Exploiting Hierarchy in Parallel Computer Networks to Optimize Collective Operation Performance" (2000).
/// </summary>
internal sealed unsafe class LeaderAllReduce : Algorithm
{
    private static readonly Collective Broadcast = new Broadcast();
    private static readonly Collective Reduce = new Reduce();

    public override string Name => "hierarchical-leader";

    /// <summary>A leader does more.</summary>
    public override bool TreatsRanksAlike(int ranks) => false;

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        RankLinks within = links.Hierarchy!.Within;
        CollectiveCall sum = call.Undivided();
        within.Run(sum with { Collective = Reduce, Root = 0 });
        if (within.Rank == 0)
        {
            links.Hierarchy.Across(0).Run(sum with { Send = call.Receive });
            call.Finish((byte*)call.Receive, call.CountBytes(), links.WorldSize);
        }

        within.Run(call with { Collective = Broadcast, Root = 0, Send = call.Receive });
    }
}
