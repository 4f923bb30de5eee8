using Nperf.Core.Collectives;

namespace Nperf.Core.Tests.Collectives;

/// <summary>Sizes, counts and factors are nccl-tests' (its doc/PERFORMANCE.md).</summary>
public class CollectiveTests
{
    [Theory]
    [InlineData("allreduce", 1.75)]
    [InlineData("allgather", 0.875)]
    [InlineData("reducescatter", 0.875)]
    [InlineData("alltoall", 0.875)]
    [InlineData("alltoallv", 0.875)]
    [InlineData("gather", 0.875)]
    [InlineData("scatter", 0.875)]
    [InlineData("broadcast", 1)]
    [InlineData("reduce", 1)]
    [InlineData("sendrecv", 1)]
    [InlineData("hypercube", 1)]
    [InlineData("barrier", 0)]
    public void Bus_factor_of_eight_ranks(string name, double factor) =>
        Assert.Equal(factor, Operations.Find(name)!.BusFactor(8));

    [Theory]
    [InlineData("allreduce", 1024, 256, 1024)]
    [InlineData("allreduce", 1027, 256, 1024)]
    [InlineData("allreduce", 1, 1, 4)]
    [InlineData("allgather", 1024, 85, 1020)]
    [InlineData("allgather", 8, 1, 12)]
    [InlineData("alltoall", 1024, 85, 1020)]
    [InlineData("scatter", 12, 1, 12)]
    [InlineData("sendrecv", 1024, 256, 1024)]
    public void A_size_among_three_ranks_of_four_byte_elements(string name, long asked, long count, long became)
    {
        Collective collective = Operations.Find(name)!;
        Assert.Equal(count, collective.CountFor(asked, elementSize: 4, worldSize: 3));
        Assert.Equal(became, collective.Bytes(count, elementSize: 4, worldSize: 3));
    }

    [Theory]
    [InlineData(1, 256, 1024)]
    [InlineData(2, 128, 512)]
    [InlineData(4, 64, 768)]
    [InlineData(8, 32, 896)]
    public void The_size_of_a_hypercube_is_what_a_rank_sends(int ranks, long count, long became)
    {
        var hypercube = new Hypercube();
        Assert.Equal(count, hypercube.CountFor(1024, elementSize: 4, ranks));
        Assert.Equal(became, hypercube.Bytes(count, elementSize: 4, ranks));
    }

    [Fact]
    public void A_hypercube_needs_a_power_of_two_ranks()
    {
        var hypercube = new Hypercube();
        Assert.All([1, 2, 4, 8, 1024], ranks => Assert.Null(hypercube.Refusal(ranks)));
        Assert.Equal("hypercube needs a power of two ranks, and there are 3", hypercube.Refusal(3));
        Assert.All(Operations.All, other => Assert.True(other is Hypercube || other.Refusal(3) is null));
    }

    [Fact]
    public void What_is_expected_fills_each_receive_buffer_once_and_comes_from_within_send_buffers()
    {
        foreach (Collective collective in Operations.All.Where(collective => collective.HasData))
        {
            foreach (int worldSize in new[] { 1, 2, 3, 5, 8 })
            {
                foreach (int root in collective.HasRoot ? Enumerable.Range(0, worldSize) : [0])
                    Check(collective, worldSize, root);
            }
        }
    }

    private static void Check(Collective collective, int worldSize, int root)
    {
        const long Count = 7;
        for (int rank = 0; rank < worldSize; rank++)
        {
            long next = 0;
            foreach (Segment segment in collective.Expected(Count, worldSize, rank, root))
            {
                Assert.Equal(next, segment.ReceiveOffset);
                next += segment.Count;
                IEnumerable<int> sources = segment.SourceRank == Segment.AllRanks
                    ? Enumerable.Range(0, worldSize)
                    : [segment.SourceRank];
                Assert.Equal(collective.Reduces, segment.SourceRank == Segment.AllRanks);
                foreach (int source in sources)
                {
                    long sent = collective.SendCount(Count, worldSize, source, root);
                    Assert.True(segment.SourceOffset + segment.Count <= sent);
                }
            }
            Assert.Equal(collective.ReceiveCount(Count, worldSize, rank, root), next);
        }
    }

    /// <summary>Rank 2 of 4 with a count of 10; the root is rank 2, or rank 0.</summary>
    [Theory]
    [InlineData("allreduce", 2, true, 0, 0)]
    [InlineData("reduce", 2, true, 0, 0)]
    [InlineData("reduce", 0, false, 0, 0)]
    [InlineData("broadcast", 2, true, 0, 0)]
    [InlineData("broadcast", 0, true, 0, 0)]
    [InlineData("allgather", 0, true, 20, 0)]
    [InlineData("hypercube", 0, true, 20, 0)]
    [InlineData("reducescatter", 0, false, 0, 20)]
    [InlineData("gather", 2, true, 20, 0)]
    [InlineData("gather", 0, false, 0, 0)]
    [InlineData("scatter", 2, false, 0, 20)]
    [InlineData("scatter", 0, true, 0, 0)]
    public void In_place_offsets_are_NCCL_s(string name, int root, bool inReceiveBuffer, long send, long receive)
    {
        Collective collective = Operations.Find(name)!;
        Assert.True(collective.CanBeInPlace);
        Assert.Equal(new InPlace(inReceiveBuffer, send, receive), collective.InPlaceOf(10, worldSize: 4, rank: 2, root));
    }

    [Fact]
    public void What_goes_from_each_to_each_cannot_be_in_place_nor_what_has_no_buffers() =>
        Assert.Equal(
            ["alltoall", "alltoallv", "sendrecv", "barrier"],
            Operations.All.Where(collective => !collective.CanBeInPlace).Select(collective => collective.Name));

    [Fact]
    public void Names_are_found_and_strangers_are_not()
    {
        Assert.All(Operations.All, collective => Assert.Same(collective, Operations.Find(collective.Name)));
        Assert.Null(Operations.Find("allreduc"));
    }
}
