using Nperf.Core.Data;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Every block travels round the ring as one stream of bytes: n-1 steps, S(n-1)/n bytes sent a rank.
/// Source: Thakur, Rabenseifner, Gropp (2005).
/// </summary>
internal sealed unsafe class RingAllGather : Algorithm
{
    public override string Name => "ring";

    public override void Run(RankLinks links, in CollectiveCall call) => Run(links, call, places: null);

    /// <summary>As usual, but rank r's block is block <paramref name="places"/>[r] of the result, which may have more than n.</summary>
    public static void Run(RankLinks links, in CollectiveCall call, int[]? places)
    {
        int n = links.WorldSize;
        var source = (byte*)call.Send;
        var result = (byte*)call.Receive;
        var blocks = new RingBlocks(call.Count * n, n, call.DataType.Size(), places);
        int pieces = (n - 1) * blocks.Parts;
        var memory = (Piece*)links.Scratch(2 * pieces * sizeof(Piece));
        var sends = new Span<Piece>(memory, pieces);
        var receives = new Span<Piece>(memory + pieces, pieces);
        int i = 0;
        for (int part = 0; part < blocks.Parts; part++)
        {
            int block = links.Rank;
            nint bytes = blocks.Bytes(block, part);
            for (int step = 0; step < n - 1; step++)
            {
                byte* data = step == 0 ? source + blocks.OffsetInBlock(part) : result + blocks.Offset(block, part);
                sends[i] = new Piece((nint)data, bytes);
                block = block == 0 ? n - 1 : block - 1;
                receives[i++] = new Piece((nint)(result + blocks.Offset(block, part)), bytes);
            }
        }

        Steps.Copy(result + blocks.Offset(links.Rank, 0), source, call.CountBytes());
        links.Pipeline(links.At(1), sends, blocks.Lead(0), links.At(-1), receives, default);
    }
}
