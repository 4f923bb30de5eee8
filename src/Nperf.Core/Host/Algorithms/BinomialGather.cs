namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// In step i the ranks with bit i set, counted from the root, send the blocks they have down and leave. ⌈log2 n⌉ steps;
/// the root receives S(n-1)/n bytes, a rank sends up to half of S. Source: Thakur, Rabenseifner, Gropp (2005).
/// </summary>
internal sealed unsafe class BinomialGather : Algorithm
{
    public override string Name => "binomial";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        int n = links.WorldSize;
        nint block = call.CountBytes();
        int place = links.PlaceFrom(call.Root);
        if ((place & 1) != 0)
        {
            links.Send(links.RankAt(place - 1, call.Root), (byte*)call.Send, block);
            return;
        }

        // The blocks in the order of the ranks from this one round.
        byte* blocks = links.Scratch(n * block);
        Steps.Copy(blocks, (byte*)call.Send, block);
        for (int bit = 1; bit < n; bit <<= 1)
        {
            if ((place & bit) != 0)
            {
                links.Send(links.RankAt(place - bit, call.Root), blocks, Math.Min(bit, n - place) * block);
                return;
            }

            int from = place + bit;
            if (from >= n) continue;
            links.Receive(links.RankAt(from, call.Root), blocks + bit * block, Math.Min(bit, n - from) * block);
        }

        nint before = links.Rank * block;
        nint after = n * block - before;
        Steps.Copy((byte*)call.Receive + before, blocks, after);
        Steps.Copy((byte*)call.Receive, blocks + after, before);
    }
}
