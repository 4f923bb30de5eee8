namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// In step i each rank exchanges the 2^i blocks it has with the rank that differs in bit i. log2 n steps, each of twice
/// the bytes, S bytes sent a rank (of the hypercube, whose S leaves a rank's own block out). For a power of two ranks.
/// Source: Thakur, Rabenseifner, Gropp (2005).
/// </summary>
internal sealed unsafe class RecursiveDoublingAllGather : Algorithm
{
    public override string Name => "recursive-doubling";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        nint block = call.CountBytes();
        var result = (byte*)call.Receive;
        Steps.Copy(result + links.Rank * block, (byte*)call.Send, block);
        for (int bit = 1; bit < links.WorldSize; bit <<= 1)
        {
            int peer = links.Rank ^ bit;
            int first = links.Rank & -bit;
            nint bytes = bit * block;
            links.Exchange(peer, result + first * block, bytes, peer, result + (first ^ bit) * block, bytes);
        }
    }
}
