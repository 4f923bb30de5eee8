namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// The others read from the root, which meanwhile copies for itself or, in place, writes the last of n shares to each: S bytes
/// read by a rank, in place S(n-1)/n.
/// </summary>
internal sealed unsafe class SingleCopyBroadcast : SingleCopy
{
    protected override void Move(RankLinks links, in CollectiveCall call, ReadOnlySpan<Buffers> peers, byte* scratch)
    {
        int n = links.WorldSize;
        nint bytes = call.CountBytes();
        nint read = call.InPlace ? ShareOffset(bytes, n - 1, n) : bytes;
        if (links.Rank != call.Root)
        {
            links.Read(call.Root, (byte*)call.Receive, peers[call.Root].Send, read);
            return;
        }

        var source = (byte*)call.Send;
        Steps.Copy((byte*)call.Receive, source, bytes);
        for (int distance = 1; distance < n && read < bytes; distance++)
        {
            int to = links.At(distance);
            links.Write(to, peers[to].Receive + read, source + read, bytes - read);
        }
    }
}
