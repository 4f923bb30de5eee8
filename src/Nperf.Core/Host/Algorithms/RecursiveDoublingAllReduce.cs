using System.Numerics;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// In step i each rank exchanges its whole sum with the rank that differs in bit i and adds what it gets. log2 n steps
/// and S·log2 n bytes sent a rank; where n is no power of two, two steps more (<see cref="Folding"/>).
/// Source: Thakur, Rabenseifner, Gropp (2005).
/// </summary>
internal sealed unsafe class RecursiveDoublingAllReduce : Algorithm
{
    public override string Name => "recursive-doubling";

    /// <summary>Of ranks that are no power of two some take others in.</summary>
    public override bool TreatsRanksAlike(int ranks) => BitOperations.IsPow2(ranks);

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        nint bytes = call.CountBytes();
        byte* current = (byte*)call.Send;
        byte* result = (byte*)call.Receive;
        var folding = new Folding(links.Rank, links.WorldSize);
        if (folding.Leaves)
        {
            links.Send(links.Rank + 1, current, bytes);
            links.Receive(links.Rank + 1, result, bytes);
            return;
        }

        // What is being sent must stay as it is, so sums go to and fro between two buffers and end in the result.
        ReductionKernel kernel = call.Kernel();
        byte* other = links.Scratch(bytes);
        int stepsLeft = int.Log2(folding.Power) + (folding.Takes ? 1 : 0);
        if (folding.Takes)
        {
            byte* next = (stepsLeft-- & 1) == 1 ? result : other;
            links.ReceiveReduce(links.Rank - 1, next, current, bytes, kernel);
            current = next;
        }

        for (int bit = 1; bit < folding.Power; bit <<= 1)
        {
            byte* next = (stepsLeft-- & 1) == 1 ? result : other;
            int peer = folding.RankOf(folding.Number ^ bit);
            if (next == current)
            {
                // In place, the first sum of an odd number of steps.
                Steps.Copy(other, current, bytes);
                current = other;
            }

            links.ExchangeReduce(peer, current, bytes, peer, next, current, bytes, kernel);
            current = next;
        }

        call.Finish(result, bytes, links.WorldSize);
        if (folding.Takes) links.Send(links.Rank - 1, result, bytes);
    }
}
