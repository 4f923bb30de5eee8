namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// A ring (<see cref="RingAllGather"/>) that goes through one host after another, whatever the order of the ranks: S(n-1)/n
/// bytes leave a host, instead of that from every rank whose next is elsewhere. Source: the contention-free rings of Faraj,
/// Patarasuk, Yuan, "Bandwidth Efficient All-to-All Broadcast on Switched Clusters" (2005).
/// </summary>
internal sealed class OrderedRingAllGather : Algorithm
{
    public override string Name => "host-ordered-ring";

    public override void Run(RankLinks links, in CollectiveCall call) =>
        RingAllGather.Run(links.Hierarchy!.InOrder, call, links.Hierarchy.Layout.InOrder);
}
