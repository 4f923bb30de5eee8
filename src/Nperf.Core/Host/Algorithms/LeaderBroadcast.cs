namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// The root broadcasts to one rank of every other host, that at its own place, and each of these on its host. Steps and
/// bytes between hosts are those of a broadcast among as many ranks as there are hosts: ⌈log2 h⌉ steps by a tree, S a
/// host. Source: Karonis and others (2000).
/// </summary>
internal sealed class LeaderBroadcast : Algorithm
{
    public override string Name => "hierarchical-leader";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        RankLinks within = links.Hierarchy!.Within;
        HostLayout layout = links.Hierarchy.Layout;
        int place = layout.PlaceOf(call.Root), leader = Math.Min(place, within.WorldSize - 1);
        if (within.Rank == leader) links.Hierarchy.Across(place).Run(call with { Root = layout.HostOf(call.Root) });
        within.Run(call with { Root = leader, Send = call.Receive });
    }
}
