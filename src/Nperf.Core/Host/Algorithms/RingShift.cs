namespace Nperf.Core.Host.Algorithms;

/// <summary>Every rank sends to the next and receives from the one before. One step, S bytes sent a rank.</summary>
internal sealed unsafe class RingShift : Algorithm
{
    public override string Name => "exchange";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        nint bytes = call.CountBytes();
        links.Exchange(links.At(1), (byte*)call.Send, bytes, links.At(-1), (byte*)call.Receive, bytes);
    }
}
