namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// The root sends every rank its block, one after another. S(n-1)/n bytes sent by the root, each of them once.
/// </summary>
internal sealed unsafe class DirectScatter : Algorithm
{
    public override string Name => "direct";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        nint block = call.CountBytes();
        var result = (byte*)call.Receive;
        if (links.Rank != call.Root)
        {
            links.Receive(call.Root, result, block);
            return;
        }

        var source = (byte*)call.Send;
        for (int distance = 1; distance < links.WorldSize; distance++)
        {
            int to = links.At(distance);
            links.Send(to, source + to * block, block);
        }

        Steps.Copy(result, source + links.Rank * block, block);
    }
}
