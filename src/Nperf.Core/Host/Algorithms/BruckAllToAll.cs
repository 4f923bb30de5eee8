namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// In step i all blocks whose remaining distance has bit i set travel 2^i ranks on together. ⌈log2 n⌉ steps of about
/// S/2 bytes sent a rank. Source: Bruck and others (1997).
/// </summary>
internal sealed unsafe class BruckAllToAll : Algorithm
{
    public override string Name => "bruck";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        int n = links.WorldSize;
        nint block = call.CountBytes();

        // Block d of these has d ranks to travel in all; the two halves hold what leaves and what comes in one step.
        int most = (n + 1) / 2;
        byte* blocks = links.Scratch((n + 2 * most) * block);
        byte* outgoing = blocks + n * block;
        byte* incoming = outgoing + most * block;

        nint before = links.Rank * block;
        Steps.Copy(blocks, (byte*)call.Send + before, n * block - before);
        Steps.Copy(blocks + n * block - before, (byte*)call.Send, before);
        for (int bit = 1; bit < n; bit <<= 1)
        {
            int moved = 0;
            for (int d = bit; d < n; d = d + 1 | bit) Steps.Copy(outgoing + moved++ * block, blocks + d * block, block);
            links.Exchange(links.At(bit), outgoing, moved * block, links.At(-bit), incoming, moved * block);
            moved = 0;
            for (int d = bit; d < n; d = d + 1 | bit) Steps.Copy(blocks + d * block, incoming + moved++ * block, block);
        }

        for (int d = 0; d < n; d++) Steps.Copy((byte*)call.Receive + links.At(-d) * block, blocks + d * block, block);
    }
}
