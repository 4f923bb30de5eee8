using Nperf.Core.Data;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// The sum of each block travels round the ring to the rank it belongs to, every rank adding its own part on the way,
/// as one stream of bytes: n-1 steps, S(n-1)/n bytes sent a rank. Source: the first half of Patarasuk and Yuan (2009).
/// </summary>
/// <remarks>
/// Partial sums lie in n slots of scratch memory, used in turn. A slot is free by then: a rank receives byte p only
/// after the rank before received byte p - lead, and so on round the ring back to this one, which therefore has sent
/// byte p - (n-1)·lead; what came in n steps before byte p went out in that byte at the latest.
/// </remarks>
internal sealed unsafe class RingReduceScatter : Algorithm
{
    public override string Name => "ring";

    public override void Run(RankLinks links, in CollectiveCall call) => Run(links, call, places: null);

    /// <summary>As usual, but rank r gets block <paramref name="places"/>[r] of the send buffers, which may have more than n.</summary>
    public static void Run(RankLinks links, in CollectiveCall call, int[]? places)
    {
        int n = links.WorldSize;
        var source = (byte*)call.Send;
        var result = (byte*)call.Receive;
        var blocks = new RingBlocks(call.Count * n, n, call.DataType.Size(), places);
        int pieces = (n - 1) * blocks.Parts;
        nint slotBytes = n == 2 ? 0 : blocks.LargestPart + 127 & ~127;
        byte* slots = links.Scratch(n * slotBytes + 2 * pieces * sizeof(Piece));
        var memory = (Piece*)(slots + n * slotBytes);
        var sends = new Span<Piece>(memory, pieces);
        var receives = new Span<Piece>(memory + pieces, pieces);
        int i = 0;
        int slot = 0;
        for (int part = 0; part < blocks.Parts; part++)
        {
            int block = links.At(-1);
            nint bytes = blocks.Bytes(block, part);
            byte* sum = source + blocks.Offset(block, part);
            for (int step = 0; step < n - 1; step++)
            {
                sends[i] = new Piece((nint)sum, bytes);
                block = block == 0 ? n - 1 : block - 1;
                sum = block == links.Rank ? result + blocks.OffsetInBlock(part) : slots + slot * slotBytes;
                receives[i++] = new Piece((nint)sum, bytes, (nint)(source + blocks.Offset(block, part)));
                slot = slot == n - 1 ? 0 : slot + 1;
            }
        }

        links.Pipeline(links.At(1), sends, blocks.Lead(0), links.At(-1), receives, call.Kernel());
        call.Finish(result, call.CountBytes(), n);
    }
}
