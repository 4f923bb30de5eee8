namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Each rank reads its block from every other one. S(n-1)/n bytes read in other ranks' memory.
/// </summary>
internal sealed unsafe class SingleCopyAllToAll : SingleCopy
{
    protected override void Move(RankLinks links, in CollectiveCall call, ReadOnlySpan<Buffers> peers, byte* scratch) =>
        ReadBlocks(links, call, peers, links.Rank * call.CountBytes());
}
