namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Each rank combines its block from all buffers. S(n-1)/n bytes read in other ranks' memory.
/// </summary>
internal sealed unsafe class SingleCopyReduceScatter : SingleCopy
{
    protected override void Move(RankLinks links, in CollectiveCall call, ReadOnlySpan<Buffers> peers, byte* scratch)
    {
        nint block = call.CountBytes();
        Combine(
            links, call, peers, scratch, links.Rank * block, block, (byte*)call.Receive, CombineTarget.None);
    }
}
