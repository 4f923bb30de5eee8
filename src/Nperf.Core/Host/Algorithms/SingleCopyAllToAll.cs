namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Each rank reads its block from every other one. S(n-1)/n bytes read in other ranks' memory.
/// </summary>
internal sealed unsafe class SingleCopyAllToAll : SingleCopy
{
    protected override void Move(RankLinks links, in CollectiveCall call, ReadOnlySpan<Buffers> peers, byte* scratch)
    {
        nint block = call.CountBytes();
        var result = (byte*)call.Receive;
        Steps.Copy(result + links.Rank * block, (byte*)call.Send + links.Rank * block, block);
        for (int distance = 1; distance < links.WorldSize; distance++)
        {
            int from = links.At(distance);
            links.Read(from, result + from * block, peers[from].Send + links.Rank * block, block);
        }
    }
}
