using Nperf.Core.Collectives;

namespace Nperf.Core.Host.Algorithms;

/// <summary>A <see cref="PeerExchange"/>: each rank moves what it has to, straight over the link. S bytes sent a rank at most.</summary>
internal sealed unsafe class PeerTransfer : Algorithm
{
    public override string Name => "exchange";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        var exchange = (PeerExchange)call.Collective;
        nint bytes = call.CountBytes();
        int to = exchange.To(links.Rank), from = exchange.From(links.Rank);
        byte* send = (byte*)call.Send, receive = (byte*)call.Receive;
        if (exchange.InTurns && to >= 0)
        {
            if (links.Rank > to) links.Exchange(to, send, 0, to, receive, bytes);
            links.Exchange(to, send, bytes, to, receive, 0);
            if (links.Rank < to) links.Exchange(to, send, 0, to, receive, bytes);
            return;
        }

        // A side that has nothing to do takes the other's link, and moves no byte over it.
        if (to >= 0 || from >= 0)
            links.Exchange(to >= 0 ? to : from, send, to >= 0 ? bytes : 0, from >= 0 ? from : to, receive, from >= 0 ? bytes : 0);
    }
}
