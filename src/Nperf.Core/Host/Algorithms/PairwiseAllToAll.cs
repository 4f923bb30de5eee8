namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// In step i each rank sends to the rank i after it and receives from the rank i before it. n-1 steps, S(n-1)/n bytes
/// sent a rank. Source: Thakur, Rabenseifner, Gropp (2005).
/// </summary>
internal sealed unsafe class PairwiseAllToAll : Algorithm
{
    public override string Name => "pairwise";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        nint block = call.CountBytes();
        var source = (byte*)call.Send;
        var result = (byte*)call.Receive;
        for (int distance = 1; distance < links.WorldSize; distance++)
        {
            int to = links.At(distance);
            int from = links.At(-distance);
            links.Exchange(to, source + to * block, block, from, result + from * block, block);
        }

        Steps.Copy(result + links.Rank * block, source + links.Rank * block, block);
    }
}
