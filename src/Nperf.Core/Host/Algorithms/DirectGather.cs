namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Every rank sends its block to the root, which takes them one after another. S/n bytes sent a rank, S(n-1)/n received
/// by the root, each of them once.
/// </summary>
internal sealed unsafe class DirectGather : Algorithm
{
    public override string Name => "direct";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        nint block = call.CountBytes();
        if (links.Rank != call.Root)
        {
            links.Send(call.Root, (byte*)call.Send, block);
            return;
        }

        var result = (byte*)call.Receive;
        for (int distance = 1; distance < links.WorldSize; distance++)
        {
            int from = links.At(distance);
            links.Receive(from, result + from * block, block);
        }

        Steps.Copy(result + links.Rank * block, (byte*)call.Send, block);
    }
}
