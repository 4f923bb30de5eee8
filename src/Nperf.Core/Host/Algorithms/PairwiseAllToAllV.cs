using Nperf.Core.Collectives;
using Nperf.Core.Data;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// In step i each rank sends to the rank i after it and receives from the rank i before it, each what the two have for
/// each other, which may be nothing. n-1 steps; a rank sends what its traffic says, but for what it keeps.
/// Source: as the pairwise exchange of Thakur, Rabenseifner, Gropp (2005).
/// </summary>
internal sealed unsafe class PairwiseAllToAllV : Algorithm
{
    public override string Name => "pairwise";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        (int n, int rank) = (links.WorldSize, links.Rank);
        Traffic traffic = ((AllToAllV)call.Collective).Traffic;
        nint element = call.DataType.Size();
        byte* outgoing = (byte*)call.Send + (nint)traffic.SendOffset(rank, rank, call.Count, n) * element;
        byte* incoming = (byte*)call.Receive + (nint)traffic.ReceiveOffset(rank, rank, call.Count, n) * element;
        nint own = (nint)traffic.Count(rank, rank, call.Count, n) * element;
        Steps.Copy(incoming, outgoing, own);

        // What goes out lies further on with each step and what comes in further back, each round the end once.
        outgoing += own;
        for (int distance = 1; distance < n; distance++)
        {
            int to = links.At(distance), from = links.At(-distance);
            if (to == 0) outgoing = (byte*)call.Send;
            if (from == n - 1)
                incoming = (byte*)call.Receive + (nint)traffic.ReceiveOffset(n, rank, call.Count, n) * element;
            nint sent = (nint)traffic.Count(rank, to, call.Count, n) * element;
            nint received = (nint)traffic.Count(from, rank, call.Count, n) * element;
            incoming -= received;
            links.Exchange(to, outgoing, sent, from, incoming, received);
            outgoing += sent;
        }
    }
}
