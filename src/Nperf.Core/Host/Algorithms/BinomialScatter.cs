namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// A rank that has the blocks of several ranks, the root first, sends the later half of them on and goes on with the
/// rest. ⌈log2 n⌉ steps; the root sends S(n-1)/n bytes, any other rank less than half of S. Source: Thakur,
/// Rabenseifner, Gropp (2005).
/// </summary>
internal sealed unsafe class BinomialScatter : Algorithm
{
    public override string Name => "binomial";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        int n = links.WorldSize;
        nint block = call.CountBytes();
        int place = links.PlaceFrom(call.Root);
        var result = (byte*)call.Receive;
        if ((place & 1) != 0)
        {
            links.Receive(links.RankAt(place - 1, call.Root), result, block);
            return;
        }

        // The blocks in the order of the ranks from this one round.
        byte* blocks = links.Scratch(n * block);
        int bit = 1;
        while (bit < n && (place & bit) == 0) bit <<= 1;
        if (place == 0)
        {
            nint before = links.Rank * block;
            nint after = n * block - before;
            Steps.Copy(blocks, (byte*)call.Send + before, after);
            Steps.Copy(blocks + after, (byte*)call.Send, before);
        }
        else
        {
            links.Receive(links.RankAt(place - bit, call.Root), blocks, Math.Min(bit, n - place) * block);
        }

        for (bit >>= 1; bit > 0; bit >>= 1)
        {
            int to = place + bit;
            if (to >= n) continue;
            links.Send(links.RankAt(to, call.Root), blocks + bit * block, Math.Min(bit, n - to) * block);
        }

        Steps.Copy(result, blocks, block);
    }
}
