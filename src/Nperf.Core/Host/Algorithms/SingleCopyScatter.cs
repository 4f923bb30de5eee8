namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// The others read from the root, which meanwhile copies for itself or, in place, writes the last of n shares of each block: S/n bytes
/// read by a rank, in place S(n-1)/n².
/// </summary>
internal sealed unsafe class SingleCopyScatter : SingleCopy
{
    protected override void Move(RankLinks links, in CollectiveCall call, ReadOnlySpan<Buffers> peers, byte* scratch)
    {
        int n = links.WorldSize;
        nint block = call.CountBytes();
        nint read = call.InPlace ? ShareOffset(block, n - 1, n) : block;
        if (links.Rank != call.Root)
        {
            links.Read(call.Root, (byte*)call.Receive, peers[call.Root].Send + links.Rank * block, read);
            return;
        }

        var source = (byte*)call.Send;
        Steps.Copy((byte*)call.Receive, source + links.Rank * block, block);
        for (int distance = 1; distance < n && read < block; distance++)
        {
            int to = links.At(distance);
            links.Write(to, peers[to].Receive + read, source + to * block + read, block - read);
        }
    }
}
