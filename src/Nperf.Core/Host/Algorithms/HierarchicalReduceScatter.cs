using System.Numerics;
using Nperf.Core.Data;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// The ranks of a host reduce-scatter, each the blocks of the ranks at its place on every host; then each reduce-scatters
/// these with those ranks. Between hosts the steps of a reduce-scatter among as many ranks as there are hosts, and
/// S(n-l)/n bytes a host of l ranks. Where every host has l ranks. Source: the first half of BlueConnect (Cho and others
/// 2019); the reverse of <see cref="HierarchicalAllGather"/>.
/// </summary>
internal sealed unsafe class HierarchicalReduceScatter : Algorithm
{
    /// <summary>Up to here a copy of the send buffer and one reduce-scatter on the host are less than one for each host.</summary>
    private const long CopyUpTo = 512 << 10;

    public override string Name => "hierarchical";

    /// <inheritdoc/>
    public override bool NeedsEvenHosts => true;

    /// <summary>Of ranks that are no power of two some take others in.</summary>
    public override bool TreatsRanksAlike(int ranks) => BitOperations.IsPow2(ranks);

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        HostLayout layout = links.Hierarchy!.Layout;
        RankLinks within = links.Hierarchy.Within;
        CollectiveCall sum = call.Undivided();
        nint block = call.CountBytes();
        byte* sums;
        if (call.Collective.Bytes(call.Count, call.DataType.Size(), links.WorldSize) <= CopyUpTo)
        {
            // The blocks by place, and for each place by host.
            byte* blocks = links.Scratch(links.WorldSize * block);
            byte* next = blocks;
            for (int place = 0; place < layout.Places; place++)
            {
                foreach (int rank in layout.Column(place))
                {
                    Steps.Copy(next, (byte*)call.Send + rank * block, block);
                    next += block;
                }
            }

            sums = blocks + within.Rank * layout.Hosts * block;
            within.Run(sum with { Count = call.Count * layout.Hosts, Send = (nint)blocks, Receive = (nint)sums });
        }
        else
        {
            sums = links.Scratch(layout.Hosts * block);
            for (int host = 0; host < layout.Hosts; host++)
                RingReduceScatter.Run(within, sum with { Receive = (nint)(sums + host * block) }, layout.RanksOf(host));
        }

        links.Hierarchy.Across(within.Rank).Run(sum with { Send = (nint)sums });
        call.Finish((byte*)call.Receive, block, links.WorldSize);
    }
}
