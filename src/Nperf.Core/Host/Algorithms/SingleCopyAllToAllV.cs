using Nperf.Core.Collectives;
using Nperf.Core.Data;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Each rank reads what every other one has for it, which may be nothing: what its traffic says but for its own.
/// </summary>
internal sealed unsafe class SingleCopyAllToAllV : SingleCopy
{
    protected override void Move(RankLinks links, in CollectiveCall call, ReadOnlySpan<Buffers> peers, byte* scratch)
    {
        (int n, int rank) = (links.WorldSize, links.Rank);
        Traffic traffic = ((AllToAllV)call.Collective).Traffic;
        nint element = call.DataType.Size();
        var result = (byte*)call.Receive;
        for (int from = 0; from < n; from++)
        {
            nint bytes = (nint)traffic.Count(from, rank, call.Count, n) * element;
            nint offset = (nint)traffic.SendOffset(from, rank, call.Count, n) * element;
            if (from == rank) Steps.Copy(result, (byte*)call.Send + offset, bytes);
            else links.Read(from, result, peers[from].Send + offset, bytes);
            result += bytes;
        }
    }
}
