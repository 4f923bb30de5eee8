namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Each rank combines its share of the elements from all buffers and stores it to all. S(n-1)/n bytes read and as many written
/// in other ranks' memory.
/// </summary>
internal sealed unsafe class SingleCopyAllReduce : SingleCopy
{
    protected override void Move(RankLinks links, in CollectiveCall call, ReadOnlySpan<Buffers> peers, byte* scratch)
    {
        int n = links.WorldSize;
        nint bytes = call.CountBytes();
        nint offset = ShareOffset(bytes, links.Rank, n);
        nint share = ShareOffset(bytes, links.Rank + 1, n) - offset;
        Combine(links, call, peers, scratch, offset, share, (byte*)call.Receive + offset, CombineTarget.All);
    }
}
