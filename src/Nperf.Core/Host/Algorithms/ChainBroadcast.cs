namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// The ranks form a chain from the root on, and each passes bytes on as they arrive. One stream of S bytes sent a rank
/// (none by the last), n-1 links long. Source: the pipelined ring of van de Geijn and others, "On optimizing collective
/// communication" (Barnett, Gupta, Payne, Shuler, van de Geijn, Watts 1994).
/// </summary>
internal sealed unsafe class ChainBroadcast : Algorithm
{
    /// <summary>What the root sends before it copies the same bytes to its own result, from its cache.</summary>
    private const int Segment = 256 << 10;

    public override string Name => "chain";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        nint bytes = call.CountBytes();
        int place = links.PlaceFrom(call.Root);
        var source = (byte*)call.Send;
        var result = (byte*)call.Receive;
        if (place == 0)
        {
            nint segment = result == source ? bytes : Segment;
            for (nint done = 0; done < bytes; done += segment)
            {
                nint length = Math.Min(segment, bytes - done);
                var piece = new Piece((nint)(source + done), length);
                links.Pipeline(links.At(1), new(in piece), length, links.At(1), default, default);
                Steps.Copy(result + done, source + done, length);
            }

            return;
        }

        var whole = new Piece((nint)result, bytes);
        ReadOnlySpan<Piece> sends = place < links.WorldSize - 1 ? new(in whole) : default;
        links.Pipeline(links.At(1), sends, lead: 0, links.At(-1), new(in whole), default);
    }
}
