namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// In step i the ranks with bit i set, counted from the root, send their sum down and leave. ⌈log2 n⌉ steps, S bytes
/// sent a rank, up to S·⌈log2 n⌉ received and combined by the root. Source: Thakur, Rabenseifner, Gropp (2005).
/// </summary>
internal sealed unsafe class BinomialReduce : Algorithm
{
    public override string Name => "binomial";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        nint bytes = call.CountBytes();
        int place = links.PlaceFrom(call.Root);
        ReductionKernel kernel = call.Kernel();
        var current = (byte*)call.Send;
        byte* sum = place == 0 ? (byte*)call.Receive : links.Scratch(bytes);
        for (int bit = 1; bit < links.WorldSize; bit <<= 1)
        {
            if ((place & bit) != 0)
            {
                links.Send(links.RankAt(place - bit, call.Root), current, bytes);
                return;
            }

            if (place + bit >= links.WorldSize) continue;
            links.ReceiveReduce(links.RankAt(place + bit, call.Root), sum, current, bytes, kernel);
            current = sum;
        }

        call.Finish(sum, bytes, links.WorldSize);
    }
}
