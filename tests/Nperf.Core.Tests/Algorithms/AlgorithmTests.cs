using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Host.Algorithms;
using Nperf.Core.Options;
using Nperf.Core.Tests.Host;

namespace Nperf.Core.Tests.Algorithms;

public sealed class AlgorithmTests
{
    private static readonly DataType[] Float32 = [DataType.Float32];
    private static readonly Reduction[] Sum = [Reduction.Sum];

    public static TheoryData<string, int> EveryCollective(int[] worldSizes) =>
        new(from collective in Operations.All
            from ranks in worldSizes
            where collective.Refusal(ranks) is null
            select (collective.Name, ranks));

    [Theory]
    [MemberData(nameof(EveryCollective), new int[] { 2, 3, 5, 8 })]
    public void Every_algorithm_is_right_for_every_type_reduction_and_root(string name, int ranks)
    {
        Collective collective = Operations.Find(name)!;
        Check(Transport.Memory, ranks, AlgorithmCase.All(
            collective, AlgorithmTable.Of(collective), DataTypes.All, Reductions.All,
            SmallCounts(ranks), Roots(ranks)));
    }

    [Theory]
    [MemberData(nameof(EveryCollective), new int[] { 2, 3, 5, 8 })]
    public void Every_algorithm_is_right_beyond_one_chunk(string name, int ranks)
    {
        Collective collective = Operations.Find(name)!;
        Check(Transport.Memory, ranks, AlgorithmCase.All(
            collective, AlgorithmTable.Of(collective), [DataType.Int8, DataType.BFloat16, DataType.Float64],
            [Reduction.Sum, Reduction.Avg], [4097], [0, ranks - 1]));
        Check(Transport.Memory, ranks, AlgorithmCase.All(
            collective, AlgorithmTable.Of(collective), Float32, Sum, [70001], [ranks / 2]));
    }

    [Theory]
    [MemberData(nameof(EveryCollective), new int[] { 7, 16 })]
    public void Every_algorithm_is_right_among_many_ranks(string name, int ranks)
    {
        Collective collective = Operations.Find(name)!;
        Check(Transport.Memory, ranks, AlgorithmCase.All(
            collective, AlgorithmTable.Of(collective), Float32, Sum, [.. SmallCounts(ranks), 4097], [0, 1, ranks - 1]));
    }

    /// <summary>Large enough that rings divide their blocks into parts and use scratch memory again.</summary>
    [Theory]
    [InlineData("allreduce", 2, 1_000_003)]
    [InlineData("allreduce", 3, 1_000_003)]
    [InlineData("allreduce", 4, 1_600_001)]
    [InlineData("allgather", 2, 300_001)]
    [InlineData("allgather", 3, 300_001)]
    [InlineData("reducescatter", 2, 300_001)]
    [InlineData("reducescatter", 3, 400_001)]
    [InlineData("reducescatter", 4, 300_001)]
    [InlineData("broadcast", 3, 300_001)]
    [InlineData("reduce", 3, 300_001)]
    public void Every_algorithm_is_right_for_large_buffers(string name, int ranks, long count)
    {
        Collective collective = Operations.Find(name)!;
        Check(Transport.Memory, ranks, AlgorithmCase.All(
            collective, AlgorithmTable.Of(collective), Float32, [Reduction.Sum, Reduction.Avg], [count], [1]));
    }

    [Theory]
    [InlineData(Transport.Shm, 2)]
    [InlineData(Transport.Shm, 3)]
    [InlineData(Transport.Shm, 4)]
    [InlineData(Transport.Tcp, 2)]
    [InlineData(Transport.Tcp, 3)]
    [InlineData(Transport.Tcp, 4)]
    [InlineData(Transport.Tcp, 5)]
    public void Every_algorithm_is_right_over_links_between_processes(Transport transport, int ranks)
    {
        Check(transport, ranks, Runnable(ranks).SelectMany(collective => AlgorithmCase.All(
            collective, AlgorithmTable.Of(collective), [DataType.Float16, DataType.Float64],
            [Reduction.Sum, Reduction.Avg], [1, ranks, 3 * ranks + 1, 4097], [0, ranks - 1])));
    }

    /// <summary>Large enough to fill the buffers of a socket and of a ring many times.</summary>
    [Theory]
    [InlineData(Transport.Shm, 2)]
    [InlineData(Transport.Shm, 3)]
    [InlineData(Transport.Tcp, 2)]
    [InlineData(Transport.Tcp, 3)]
    public void Every_algorithm_is_right_for_large_buffers_between_processes(Transport transport, int ranks)
    {
        Check(transport, ranks, Runnable(ranks).SelectMany(collective => AlgorithmCase.All(
            collective, AlgorithmTable.Of(collective), Float32, Sum, [300_001], [1])));
    }

    /// <summary>In place most of all: what arrives must not overwrite what is still to be sent.</summary>
    [Theory]
    [MemberData(nameof(EveryCollective), new int[] { 2, 3, 5, 8 })]
    public void Every_algorithm_is_right_where_one_rank_is_slow_to_send(string name, int ranks)
    {
        Collective collective = Operations.Find(name)!;
        AlgorithmCase[] all =
        [
            .. AlgorithmCase.All(
                collective, AlgorithmTable.Of(collective), Float32, [Reduction.Sum, Reduction.Avg], [4097, 17_001], [0, 1]),
        ];
        using TestHub hub = TestWorld.Hub([ranks], new RunOptions());
        int[] everyone = [.. Enumerable.Range(0, ranks)];
        var rings = new PrivateRings(everyone, Ring.CapacityFor(ranks));
        Link[][] links =
        [
            .. everyone.Select(rank => everyone.Select(peer => (Link)rings.Open(rank, peer))
                .Select(link => rank == 1 ? new LaggingLink(link) : link).ToArray()),
        ];
        TestWorld.InParallel(hub, ranks, rank =>
        {
            using var rankLinks = new RankLinks(
                rank, links[rank], new Waiter(rank, everyone, hub.World, hub.AbortSignals[0], hub.Options.Timeout),
                memories: [.. everyone.Select(_ => PeerMemory.OfThisProcess)]);
            foreach (AlgorithmCase one in all) one.Check(rankLinks);
            rankLinks.LineUp();
        });
    }

    [Fact]
    public void One_rank_copies_in_every_collective()
    {
        foreach (Collective collective in Operations.All)
        {
            Algorithm copy = AlgorithmTable.For(new CollectiveCall { Collective = collective }, 1, MemoryReach.Maps);
            Check(Transport.Memory, 1, AlgorithmCase.All(
                collective, [copy], DataTypes.All, Reductions.All, [1, 2, 4097], [0]));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Nobody_leaves_the_barrier_before_everybody_entered(int ranks)
    {
        Algorithm barrier = Assert.Single(AlgorithmTable.Of(Operations.Find("barrier")!));
        int entered = 0;
        TestWorld.Run(ranks, Transport.Memory, links =>
        {
            for (int round = 1; round <= 200; round++)
            {
                Interlocked.Increment(ref entered);
                barrier.Run(links, default);
                Assert.InRange(Volatile.Read(ref entered), round * ranks, (round + 1) * ranks - 1);
            }
        });
    }

    /// <summary>With ranks that send nothing, receive nothing, or take part in nothing at all.</summary>
    [Theory]
    [InlineData(Transport.Memory)]
    [InlineData(Transport.Tcp)]
    public void Uneven_traffic_arrives_whatever_its_form(Transport transport)
    {
        var matrix = new TrafficMatrix([[5, 0, 7000, 1], [0, 0, 0, 0], [900_000, 0, 3, 0], [0, 0, 41, 0]]);
        const int Ranks = 4;
        IEnumerable<Traffic> traffic =
        [
            new MatrixTraffic(matrix, Ranks, elementSize: 1, scaled: false),
            new MatrixTraffic(matrix, Ranks, elementSize: 4, scaled: true),
            .. new[] { 0, 0.3, 1 }.Select(spread => new SpreadTraffic(spread, elementSize: 4)),
        ];
        Check(transport, Ranks, traffic.Select(one => new AllToAllV(one)).SelectMany(collective => AlgorithmCase.All(
            collective, AlgorithmTable.Of(collective), Float32, Sum, [1, 17, 4097, 300_001], [0])));
    }

    private static IEnumerable<Collective> Runnable(int ranks) =>
        Operations.All.Where(collective => collective.Refusal(ranks) is null);

    private static long[] SmallCounts(int ranks) =>
        [.. new long[] { 1, 2, ranks - 1, ranks, ranks + 1, 3 * ranks + 1 }.Distinct()];

    private static int[] Roots(int ranks) => ranks <= 5 ? [.. Enumerable.Range(0, ranks)] : [0, ranks - 1];

    private static void Check(Transport transport, int ranks, IEnumerable<AlgorithmCase> cases)
    {
        AlgorithmCase[] all = [.. cases];
        Assert.NotEmpty(all);
        TestWorld.Run(ranks, transport, links =>
        {
            Assert.Equal(transport == Transport.Tcp, links.Reach == MemoryReach.None);
            foreach (AlgorithmCase one in all)
                if (links.Reach != MemoryReach.None || !one.Algorithm.ReachesMemory) one.Check(links);
        });
    }
}
