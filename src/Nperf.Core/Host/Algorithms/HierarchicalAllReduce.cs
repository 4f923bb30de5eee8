using System.Numerics;
using Nperf.Core.Collectives;
using Nperf.Core.Data;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// The ranks of a host reduce-scatter, each then allreduces its share with those at its place on the other hosts, and the
/// ranks of a host allgather. Between hosts what an allreduce of S/l among the hosts takes, l ranks a host, from each
/// rank: at best 2S(h-1)/h bytes a host, h hosts. Where every host has l ranks. Source: Mikami and others, "Massively
/// Distributed SGD: ImageNet/ResNet-50 Training in a Flash" (2018; 2D-torus all-reduce); Cho, Finkler, Kung, Hunter,
/// "BlueConnect: Decomposing All-Reduce for Deep Learning on Heterogeneous Network Hierarchy" (2019).
/// </summary>
internal sealed unsafe class HierarchicalAllReduce : Algorithm
{
    private static readonly Collective AllGather = new AllGather();
    private static readonly Collective Broadcast = new Broadcast();
    private static readonly Collective Reduce = new Reduce();
    private static readonly Collective ReduceScatter = new ReduceScatter();

    public override string Name => "hierarchical";

    /// <inheritdoc/>
    public override bool NeedsEvenHosts => true;

    /// <summary>Of ranks that are no power of two some take others in.</summary>
    public override bool TreatsRanksAlike(int ranks) => BitOperations.IsPow2(ranks);

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        RankLinks within = links.Hierarchy!.Within;
        int size = call.DataType.Size(), last = within.WorldSize - 1;
        long share = call.Count / within.WorldSize;
        CollectiveCall sum = call.Undivided();
        byte* result = (byte*)call.Receive;
        byte* own = result + (nint)(share * within.Rank) * size;

        // What cannot be divided equally lies at the end, and goes with the last share.
        long rest = call.Count - share * within.WorldSize;
        nint restOffset = (nint)(share * within.WorldSize) * size;
        byte* restResult = result + restOffset;

        within.Run(sum with { Collective = ReduceScatter, Count = share, Receive = (nint)own });
        if (rest > 0)
        {
            within.Run(sum with
            {
                Collective = Reduce,
                Root = last,
                Count = rest,
                Send = call.Send + restOffset,
                Receive = (nint)restResult,
            });
        }

        long ownCount = within.Rank == last ? share + rest : share;
        links.Hierarchy.Across(within.Rank).Run(sum with { Count = ownCount, Send = (nint)own, Receive = (nint)own });
        call.Finish(own, (nint)ownCount * size, links.WorldSize);

        within.Run(call with { Collective = AllGather, Count = share, Send = (nint)own });
        if (rest > 0)
        {
            within.Run(call with
            {
                Collective = Broadcast,
                Root = last,
                Count = rest,
                Send = (nint)restResult,
                Receive = (nint)restResult,
            });
        }
    }
}
