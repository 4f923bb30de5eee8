using System.Numerics;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Each step halves the blocks a rank is to reduce: it sends the other half to the rank at half the distance and adds
/// what it gets for its own half. log2 n steps, S(n-1)/n bytes sent a rank; where n is no power of two, a step of S
/// bytes before and one of a block after (<see cref="Folding"/>). Source: Thakur, Rabenseifner, Gropp (2005).
/// </summary>
internal sealed unsafe class RecursiveHalvingReduceScatter : Algorithm
{
    public override string Name => "recursive-halving";

    /// <summary>Of ranks that are no power of two some take others in.</summary>
    public override bool TreatsRanksAlike(int ranks) => BitOperations.IsPow2(ranks);

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        int n = links.WorldSize;
        nint block = call.CountBytes();
        var current = (byte*)call.Send;
        var result = (byte*)call.Receive;
        var folding = new Folding(links.Rank, n);
        if (folding.Leaves)
        {
            links.Send(links.Rank + 1, current, n * block);
            links.Receive(links.Rank + 1, result, block);
            return;
        }

        ReductionKernel kernel = call.Kernel();
        byte* sums = links.Scratch(n * block);
        if (folding.Takes)
        {
            links.ReceiveReduce(links.Rank - 1, sums, current, n * block, kernel);
            current = sums;
        }

        for (int half = folding.Power / 2; half > 0; half /= 2)
        {
            int peer = folding.Number ^ half;
            (nint keep, nint keepBytes) = Blocks(folding, folding.Number & -half, half, block);
            (nint give, nint giveBytes) = Blocks(folding, peer & -half, half, block);
            bool last = half == 1 && !folding.Takes;
            links.ExchangeReduce(
                folding.RankOf(peer), current + give, giveBytes,
                folding.RankOf(peer), last ? result : sums + keep, current + keep, keepBytes, kernel);
            current = sums;
        }

        if (!folding.Takes)
        {
            call.Finish(result, block, n);
            return;
        }

        // Two blocks are left: that of the rank before, which waits for it, and this rank's own.
        byte* two = sums + (links.Rank - 1) * block;
        call.Finish(two, 2 * block, n);
        links.Send(links.Rank - 1, two, block);
        Steps.Copy(result, two + block, block);
    }

    /// <summary>The blocks of ranks numbered from <paramref name="first"/> on: an offset and a size in bytes.</summary>
    private static (nint Offset, nint Bytes) Blocks(in Folding folding, int first, int numbers, nint block)
    {
        int start = folding.FirstBlock(first);
        return (start * block, (folding.FirstBlock(first + numbers) - start) * block);
    }
}
