namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// A ring (<see cref="RingReduceScatter"/>) that goes through one host after another, whatever the order of the ranks:
/// S(n-1)/n bytes leave a host, instead of that from every rank whose next is elsewhere. Source: as
/// <see cref="OrderedRingAllGather"/>.
/// </summary>
internal sealed class OrderedRingReduceScatter : Algorithm
{
    public override string Name => "host-ordered-ring";

    public override void Run(RankLinks links, in CollectiveCall call) =>
        RingReduceScatter.Run(links.Hierarchy!.InOrder, call, links.Hierarchy.Layout.InOrder);
}
