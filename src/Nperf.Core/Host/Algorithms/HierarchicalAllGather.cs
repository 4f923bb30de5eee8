using System.Numerics;
using Nperf.Core.Data;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Each rank allgathers with the ranks at its place on the other hosts; then the ranks of a host allgather what they have.
/// Between hosts the steps of an allgather among as many ranks as there are hosts, and S(n-l)/n bytes a host of l ranks,
/// the least there can be. Where every host has l ranks. Source: Träff, "Efficient Allgather for Regular SMP-Clusters"
/// (2006).
/// </summary>
internal sealed unsafe class HierarchicalAllGather : Algorithm
{
    /// <summary>Up to here one allgather on the host and a copy of the result are less than an allgather for each host.</summary>
    private const long CopyUpTo = 64 << 10;

    public override string Name => "hierarchical";

    /// <inheritdoc/>
    public override bool NeedsEvenHosts => true;

    /// <summary>Of ranks that are no power of two some take others in.</summary>
    public override bool TreatsRanksAlike(int ranks) => BitOperations.IsPow2(ranks);

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        if (call.Collective.Bytes(call.Count, call.DataType.Size(), links.WorldSize) <= CopyUpTo) RunOverCopies(links, call);
        else RunInPlace(links, call);
    }

    private static void RunOverCopies(RankLinks links, in CollectiveCall call)
    {
        HostLayout layout = links.Hierarchy!.Layout;
        RankLinks within = links.Hierarchy.Within;
        nint block = call.CountBytes();

        // The blocks by place, and for each place by host.
        byte* blocks = links.Scratch(links.WorldSize * block);
        byte* own = blocks + within.Rank * layout.Hosts * block;
        links.Hierarchy.Across(within.Rank).Run(call with { Receive = (nint)own });
        within.Run(call with { Count = call.Count * layout.Hosts, Send = (nint)own, Receive = (nint)blocks });
        for (int place = 0; place < layout.Places; place++)
        {
            foreach (int rank in layout.Column(place))
            {
                Steps.Copy((byte*)call.Receive + rank * block, blocks, block);
                blocks += block;
            }
        }
    }

    private static void RunInPlace(RankLinks links, in CollectiveCall call)
    {
        HostLayout layout = links.Hierarchy!.Layout;
        RankLinks within = links.Hierarchy.Within;
        nint block = call.CountBytes();
        RingAllGather.Run(links.Hierarchy.Across(within.Rank), call, layout.Column(within.Rank));
        for (int host = 0; host < layout.Hosts; host++)
        {
            int[] ranks = layout.RanksOf(host);
            RingAllGather.Run(within, call with { Send = call.Receive + ranks[within.Rank] * block }, ranks);
        }
    }
}
