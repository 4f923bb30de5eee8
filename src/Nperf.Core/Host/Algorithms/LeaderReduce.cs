namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// One rank of each host, that at the root's place, has the sum of its host, and the root that of these. Steps and bytes
/// between hosts are those of a reduce among as many ranks as there are hosts: ⌈log2 h⌉ steps by a tree, S a host, the
/// root's none. Source: Karonis and others (2000).
/// </summary>
internal sealed unsafe class LeaderReduce : Algorithm
{
    public override string Name => "hierarchical-leader";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        RankLinks within = links.Hierarchy!.Within;
        HostLayout layout = links.Hierarchy.Layout;
        int place = layout.PlaceOf(call.Root), leader = Math.Min(place, within.WorldSize - 1);
        nint bytes = call.CountBytes();
        CollectiveCall sum = call.Undivided();
        if (within.Rank != leader)
        {
            within.Run(sum with { Root = leader });
            return;
        }

        nint partial = links.Rank == call.Root ? call.Receive : (nint)links.Scratch(bytes);
        within.Run(sum with { Root = leader, Receive = partial });
        links.Hierarchy.Across(place).Run(sum with { Root = layout.HostOf(call.Root), Send = partial });
        if (links.Rank == call.Root) call.Finish((byte*)call.Receive, bytes, links.WorldSize);
    }
}
