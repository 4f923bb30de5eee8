using System.Runtime.InteropServices;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.Host;

public sealed unsafe class RankLinksTests
{
    public static TheoryData<Transport, int> Worlds()
    {
        var worlds = new TheoryData<Transport, int>();
        foreach (Transport transport in (Transport[])[Transport.Memory, Transport.Shm, Transport.Tcp])
            foreach (int ranks in (int[])[1, 2, 3, 8]) worlds.Add(transport, ranks);

        return worlds;
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public void An_exchange_brings_every_byte_whatever_its_size(Transport transport, int ranks)
    {
        nint ring = Ring.CapacityFor(ranks);
        TestWorld.Run(ranks, transport, links =>
        {
            foreach (nint bytes in (nint[])[0, 1, 8, 47, 48, 49, 48, ring - 1, ring, ring + 1, 3 * ring + 3])
            {
                using var send = Block.Of(bytes, links.Rank);
                using var receive = new Block(bytes);
                int to = Next(links), from = Previous(links);
                links.Exchange(to, send.Data, bytes, from, receive.Data, bytes);
                receive.AssertIs(bytes, from);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public void An_exchange_may_have_bytes_one_way_only(Transport transport, int ranks)
    {
        if (ranks == 1) return;
        nint bytes = 2 * Ring.CapacityFor(ranks) + 5;
        TestWorld.Run(ranks, transport, links =>
        {
            using var send = Block.Of(bytes, links.Rank);
            using var receive = new Block(bytes);
            // Rank 0 sends to 1 alone; every other rank passes on what it has received in full.
            if (links.Rank == 0) links.Exchange(1, send.Data, bytes, 1, null, 0);
            else links.Exchange(0, null, 0, links.Rank - 1, receive.Data, bytes);
            if (links.Rank > 0) receive.AssertIs(bytes, 0);
            if (links.Rank > 0 && links.Rank + 1 < ranks)
                links.Exchange(links.Rank + 1, receive.Data, bytes, links.Rank + 1, null, 0);
        });
    }

    [Theory]
    [InlineData(Transport.Memory)]
    [InlineData(Transport.Shm)]
    [InlineData(Transport.Tcp)]
    public void Two_ranks_may_send_each_other_more_than_anything_in_between_holds(Transport transport) =>
        TestWorld.Run(2, transport, links =>
        {
            const nint bytes = 48 * 1024 * 1024 + 7;
            using var send = Block.Of(bytes, links.Rank);
            using var receive = new Block(bytes);
            links.Exchange(Next(links), send.Data, bytes, Next(links), receive.Data, bytes);
            receive.AssertIs(bytes, Next(links));
        });

    [Theory]
    [MemberData(nameof(Worlds))]
    public void What_arrives_is_combined_whole_elements_at_a_time(Transport transport, int ranks)
    {
        nint ring = Ring.CapacityFor(ranks);
        TestWorld.Run(ranks, transport, links =>
        {
            ReductionKernel kernel = ReductionKernels.For(DataType.UInt64, Reduction.Sum);
            foreach (nint count in (nint[])[0, 1, 5, 6, 7, ring / 8, ring / 8 + 1, 100_003])
            {
                // An odd byte ahead, so that elements lie across the end of a ring and across what one receive brings.
                byte odd = (byte)count, received = 0;
                links.Exchange(Next(links), &odd, 1, Previous(links), &received, 1);
                Assert.Equal(odd, received);

                using var send = new Block(8 * count);
                using var operand = new Block(8 * count);
                using var result = new Block(8 * count);
                for (nint i = 0; i < count; i++)
                {
                    ((ulong*)send.Data)[i] = (ulong)i << 32 | (uint)links.Rank;
                    ((ulong*)operand.Data)[i] = ulong.MaxValue - (ulong)i;
                }

                links.ExchangeReduce(
                    Next(links), send.Data, 8 * count,
                    Previous(links), result.Data, operand.Data, 8 * count, kernel);
                for (nint i = 0; i < count; i++)
                {
                    ulong expected = unchecked(((ulong)i << 32 | (uint)Previous(links)) + ulong.MaxValue - (ulong)i);
                    if (((ulong*)result.Data)[i] != expected) Assert.Fail($"element {i} of {count} is wrong");
                }
            }
        });
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public void A_relay_sends_on_what_it_has_just_received(Transport transport, int ranks)
    {
        if (ranks == 1) return;
        nint piece = Ring.CapacityFor(ranks) / 2 + 4;
        TestWorld.Run(ranks, transport, links =>
        {
            // Down the line, in pieces that are cut differently at each end: copied, and added to the rank's own.
            ReductionKernel kernel = ReductionKernels.For(DataType.UInt32, Reduction.Sum);
            using var data = new Block(4 * piece);
            using var operand = new Block(4 * piece);
            new Span<uint>(operand.Data, (int)piece).Fill(1);
            if (links.Rank == 0) new Span<uint>(data.Data, (int)piece).Fill(7);
            nint at = (nint)data.Data;
            Piece[] sends = links.Rank == ranks - 1 ? [] : [new Piece(at, 4), new Piece(at + 4, 0), new Piece(at + 4, 4 * piece - 4)];
            Piece[] receives = links.Rank == 0
                ? []
                : [new Piece(at, 8, (nint)operand.Data), new Piece(at + 8, 4 * piece - 8, (nint)operand.Data + 8)];
            links.Pipeline(
                links.Rank == ranks - 1 ? 0 : links.Rank + 1, sends, links.Rank == 0 ? 4 * piece : 0,
                Math.Max(links.Rank - 1, 0), receives, kernel);
            uint expected = 7 + (uint)links.Rank;
            Assert.Equal(-1, new Span<uint>(data.Data, (int)piece).IndexOfAnyExcept(expected));
        });
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public void No_rank_leaves_a_line_up_before_all_have_come(Transport transport, int ranks)
    {
        int[] arrived = new int[100];
        TestWorld.Run(ranks, transport, links =>
        {
            for (int round = 0; round < arrived.Length; round++)
            {
                Interlocked.Increment(ref arrived[round]);
                links.LineUp();
                Assert.Equal(ranks, Volatile.Read(ref arrived[round]));
            }
        });
    }

    [Fact]
    public void Scratch_memory_stays_where_it_is_until_it_has_to_grow() =>
        TestWorld.Run(1, Transport.Memory, links =>
        {
            byte* first = links.Scratch(1000);
            Assert.Equal(0, (nint)first % 128);
            Assert.True(first == links.Scratch(10) && first == links.Scratch(1000));
            links.Scratch(100_000)[99_999] = 1;
        });

    private static int Next(RankLinks links) => (links.Rank + 1) % links.WorldSize;

    private static int Previous(RankLinks links) => (links.Rank + links.WorldSize - 1) % links.WorldSize;

    private sealed class Block(nint bytes) : IDisposable
    {
        public byte* Data { get; } = (byte*)NativeMemory.AllocZeroed((nuint)bytes + 1);

        public static Block Of(nint bytes, int rank)
        {
            var block = new Block(bytes);
            for (nint i = 0; i < bytes; i++) block.Data[i] = ByteAt(i, rank);
            return block;
        }

        public void AssertIs(nint bytes, int rank)
        {
            for (nint i = 0; i < bytes; i++)
                if (Data[i] != ByteAt(i, rank)) Assert.Fail($"byte {i} of {bytes} from rank {rank} is wrong");

            Assert.Equal(0, Data[bytes]);
        }

        public void Dispose() => NativeMemory.Free(Data);

        private static byte ByteAt(nint i, int rank) => (byte)(i * 7 + i / 251 + rank);
    }
}
