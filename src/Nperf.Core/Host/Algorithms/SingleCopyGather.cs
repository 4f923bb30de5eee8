namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// The others write to the root, which meanwhile copies for itself or, in place, reads the last of n shares of each block: S/n bytes
/// written by a rank, in place S(n-1)/n².
/// </summary>
internal sealed unsafe class SingleCopyGather : SingleCopy
{
    protected override void Move(RankLinks links, in CollectiveCall call, ReadOnlySpan<Buffers> peers, byte* scratch)
    {
        int n = links.WorldSize;
        nint block = call.CountBytes();
        nint written = call.InPlace ? ShareOffset(block, n - 1, n) : block;
        if (links.Rank != call.Root)
        {
            links.Write(call.Root, peers[call.Root].Receive + links.Rank * block, (byte*)call.Send, written);
            return;
        }

        var result = (byte*)call.Receive;
        Steps.Copy(result + links.Rank * block, (byte*)call.Send, block);
        for (int distance = 1; distance < n && written < block; distance++)
        {
            int from = links.At(distance);
            links.Read(from, result + from * block + written, peers[from].Send + written, block - written);
        }
    }
}
