namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Each rank reads every other one's block. S(n-1)/n bytes read in other ranks' memory.
/// </summary>
internal sealed unsafe class SingleCopyAllGather : SingleCopy
{
    protected override void Move(RankLinks links, in CollectiveCall call, ReadOnlySpan<Buffers> peers, byte* scratch) =>
        ReadBlocks(links, call, peers, 0);
}
