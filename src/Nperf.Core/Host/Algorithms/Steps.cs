using System.Runtime.InteropServices;
using Nperf.Core.Data;

namespace Nperf.Core.Host.Algorithms;

/// <summary>The small steps that the algorithms share.</summary>
internal static unsafe class Steps
{
    /// <summary>The rank <paramref name="distance"/> (from -n to n) further round the ring.</summary>
    public static int At(this RankLinks links, int distance)
    {
        int rank = links.Rank + distance;
        if (rank < 0) return rank + links.WorldSize;
        return rank < links.WorldSize ? rank : rank - links.WorldSize;
    }

    /// <summary>This rank's place when ranks are counted round from <paramref name="root"/>, which is 0.</summary>
    public static int PlaceFrom(this RankLinks links, int root) =>
        links.Rank >= root ? links.Rank - root : links.Rank - root + links.WorldSize;

    /// <summary>The rank at a place counted round from <paramref name="root"/>.</summary>
    public static int RankAt(this RankLinks links, int place, int root)
    {
        int rank = place + root;
        return rank < links.WorldSize ? rank : rank - links.WorldSize;
    }

    public static void Send(this RankLinks links, int to, byte* data, nint bytes) =>
        links.Exchange(to, data, bytes, to, null, 0);

    public static void Receive(this RankLinks links, int from, byte* data, nint bytes) =>
        links.Exchange(from, null, 0, from, data, bytes);

    /// <summary>destination = operand ⊕ what arrives; the destination may be the operand.</summary>
    public static void ReceiveReduce(
        this RankLinks links, int from, byte* destination, byte* operand, nint bytes, in ReductionKernel kernel) =>
        links.ExchangeReduce(from, null, 0, from, destination, operand, bytes, kernel);

    /// <summary>Copies, unless it is there already: in place.</summary>
    public static void Copy(byte* destination, byte* source, nint bytes)
    {
        if (destination != source) NativeMemory.Copy(source, destination, (nuint)bytes);
    }

    /// <summary>The count of <paramref name="call"/> in bytes: of a buffer, or of one rank's block.</summary>
    public static nint CountBytes(this in CollectiveCall call) => (nint)call.Count * call.DataType.Size();

    /// <summary>The kernel of the call's reduction; for the average that of the sum.</summary>
    public static ReductionKernel Kernel(this in CollectiveCall call) =>
        ReductionKernels.For(call.DataType, call.Reduction);

    /// <summary>The call, or that of the sum where it is the average: for a part of the ranks.</summary>
    public static CollectiveCall Undivided(this in CollectiveCall call) =>
        call.Reduction == Reduction.Avg ? call with { Reduction = Reduction.Sum } : call;

    /// <summary>Runs a call by the algorithm that ranks of one kind of links take.</summary>
    public static void Run(this RankLinks links, in CollectiveCall call) =>
        AlgorithmTable.For(call, links.WorldSize, links.Reach, links.Crowded).Run(links, call);

    /// <summary>Turns sums into averages where that is the call's reduction. Once for each element.</summary>
    public static void Finish(this in CollectiveCall call, byte* data, nint bytes, int worldSize)
    {
        if (call.Reduction != Reduction.Avg) return;
        ReductionKernels.Divide(call.DataType, data, bytes / call.DataType.Size(), worldSize);
    }
}
