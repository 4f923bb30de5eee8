namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Each rank reads from the one before. S bytes read in another rank's memory.
/// </summary>
internal sealed unsafe class SingleCopySendRecv : SingleCopy
{
    protected override void Move(RankLinks links, in CollectiveCall call, ReadOnlySpan<Buffers> peers, byte* scratch)
    {
        int from = links.At(-1);
        links.Read(from, (byte*)call.Receive, peers[from].Send, call.CountBytes());
    }
}
