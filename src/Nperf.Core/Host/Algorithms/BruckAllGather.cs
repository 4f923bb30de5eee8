namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Each step doubles the blocks a rank has: it passes on what it has to the rank 1, 2, 4, ... before it. ⌈log2 n⌉
/// steps, S(n-1)/n bytes sent a rank. Source: Bruck, Ho, Kipnis, Upfal, Weathersby, "Efficient Algorithms for
/// All-to-All Communications in Multiport Message-Passing Systems" (1997).
/// </summary>
internal sealed unsafe class BruckAllGather : Algorithm
{
    public override string Name => "bruck";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        int n = links.WorldSize;
        nint block = call.CountBytes();

        // The blocks in the order of the ranks from this one round.
        byte* blocks = links.Scratch(n * block);
        Steps.Copy(blocks, (byte*)call.Send, block);
        for (int have = 1; have < n; have <<= 1)
        {
            nint bytes = Math.Min(have, n - have) * block;
            links.Exchange(links.At(-have), blocks, bytes, links.At(have), blocks + have * block, bytes);
        }

        var result = (byte*)call.Receive;
        nint before = links.Rank * block;
        nint after = n * block - before;
        Steps.Copy(result + before, blocks, after);
        Steps.Copy(result, blocks + after, before);
    }
}
