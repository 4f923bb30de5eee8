namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// The ranks that have the data double with each step. ⌈log2 n⌉ steps, up to S·⌈log2 n⌉ bytes sent by the root.
/// Source: Thakur, Rabenseifner, Gropp (2005).
/// </summary>
internal sealed unsafe class BinomialBroadcast : Algorithm
{
    public override string Name => "binomial";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        nint bytes = call.CountBytes();
        int place = links.PlaceFrom(call.Root);
        var result = (byte*)call.Receive;
        byte* data = place == 0 ? (byte*)call.Send : result;

        int bit = 1;
        while (bit < links.WorldSize && (place & bit) == 0) bit <<= 1;
        if (place != 0) links.Receive(links.RankAt(place - bit, call.Root), data, bytes);
        for (bit >>= 1; bit > 0; bit >>= 1)
        {
            if (place + bit < links.WorldSize) links.Send(links.RankAt(place + bit, call.Root), data, bytes);
        }

        if (place == 0) Steps.Copy(result, data, bytes);
    }
}
