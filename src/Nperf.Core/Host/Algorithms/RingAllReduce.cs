using Nperf.Core.Data;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// A ring reduce-scatter followed by a ring allgather as one stream of bytes: 2(n-1) steps, 2S(n-1)/n bytes sent a
/// rank, the least there can be. Source: Patarasuk and Yuan, "Bandwidth Optimal All-reduce Algorithms for Clusters of
/// Workstations" (2009).
/// </summary>
internal sealed unsafe class RingAllReduce : Algorithm
{
    public override string Name => "ring";

    public override void Run(RankLinks links, in CollectiveCall call)
    {
        int n = links.WorldSize;
        byte* source = (byte*)call.Send;
        byte* result = (byte*)call.Receive;
        var blocks = new RingBlocks(call.Count, n, call.DataType.Size());
        int pieces = 2 * (n - 1) * blocks.Parts;
        var memory = (Piece*)links.Scratch(2 * pieces * sizeof(Piece));
        var sends = new Span<Piece>(memory, pieces);
        var receives = new Span<Piece>(memory + pieces, pieces);
        int i = 0;

        // A partial sum in the result is overwritten by the whole sum, which cannot exist before the partial one left.
        for (int part = 0; part < blocks.Parts; part++)
        {
            int block = links.Rank;
            for (int step = 0; step < 2 * (n - 1); step++)
            {
                nint offset = blocks.Offset(block, part);
                sends[i] = new Piece((nint)((step == 0 ? source : result) + offset), blocks.Bytes(block, part));

                block = block == 0 ? n - 1 : block - 1;
                offset = blocks.Offset(block, part);
                byte* operand = step < n - 1 ? source + offset : null;
                receives[i++] = new Piece((nint)(result + offset), blocks.Bytes(block, part), (nint)operand);
            }
        }

        links.Pipeline(
            links.At(1), sends, blocks.Lead(links.Rank), links.At(-1), receives, call.Kernel());
        call.Finish(result, call.CountBytes(), n);
    }
}
