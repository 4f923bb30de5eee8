using CsCheck;
using Nperf.Core.Host.Algorithms;

namespace Nperf.Core.Tests.Algorithms;

public sealed class RingBlocksTests
{
    private static readonly Gen<(long Elements, int Ranks, int Size)> Rings =
        Gen.Select(
            Gen.OneOf(Gen.Long[0, 40], Gen.Long[0, 20_000_000]), Gen.Int[2, 40], Gen.Int[0, 3].Select(log => 1 << log));

    [Fact]
    public void Parts_cover_everything_in_order_and_in_whole_elements() => Rings.Sample(ring =>
    {
        var blocks = new RingBlocks(ring.Elements, ring.Ranks, ring.Size);
        nint next = 0;
        for (int block = 0; block < ring.Ranks; block++)
        {
            for (int part = 0; part < blocks.Parts; part++)
            {
                Assert.Equal(next, blocks.Offset(block, part));
                Assert.Equal(0, blocks.Bytes(block, part) % ring.Size);
                next += blocks.Bytes(block, part);
            }
        }

        Assert.Equal((nint)ring.Elements * ring.Size, next);
    });

    [Fact]
    public void No_part_is_smaller_than_the_lead_where_there_are_several() => Rings.Sample(ring =>
    {
        var blocks = new RingBlocks(ring.Elements, ring.Ranks, ring.Size);
        for (int block = 0; block < ring.Ranks; block++)
        {
            for (int part = 0; part < blocks.Parts; part++)
            {
                Assert.True(blocks.Bytes(block, part) >= blocks.Lead(block));
                Assert.True(blocks.Bytes(block, part) <= blocks.LargestPart);
                if (part < blocks.Parts - 1) Assert.Equal(blocks.Lead(0), blocks.Bytes(block, part));
            }
        }
    });
}
