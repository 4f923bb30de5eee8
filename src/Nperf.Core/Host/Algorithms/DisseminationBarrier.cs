namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// In step i each rank tells the rank 2^i after it that all up to 2^i ranks before have entered. ⌈log2 n⌉ steps of eight
/// bytes, so that what follows in a ring stays aligned. Source: Hensgen, Finkel, Manber, "Two Algorithms for Barrier Synchronization" (1988).
/// </summary>
internal sealed unsafe class DisseminationBarrier : Algorithm
{
    public override string Name => "dissemination";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        long here = 0, there;
        for (int distance = 1; distance < links.WorldSize; distance <<= 1)
            links.Exchange(
                links.At(distance), (byte*)&here, sizeof(long), links.At(-distance), (byte*)&there, sizeof(long));
    }
}
