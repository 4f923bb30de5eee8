namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// A pipelined <paramref name="chain"/> that goes from the root's host through one host after another, whatever the order
/// of the ranks: S bytes leave a host, instead of S from every rank whose next is elsewhere. Source: the contention-free
/// linear trees of Patarasuk, Faraj, Yuan, "Pipelined Broadcast on Ethernet Switched Clusters" (2006).
/// </summary>
internal sealed class OrderedChain(Algorithm chain) : Algorithm
{
    public override string Name => "host-ordered-chain";

    public override void Run(RankLinks links, in CollectiveCall call) =>
        chain.Run(links.Hierarchy!.InOrder, call with { Root = links.Hierarchy.Layout.OrderOf(call.Root) });
}
