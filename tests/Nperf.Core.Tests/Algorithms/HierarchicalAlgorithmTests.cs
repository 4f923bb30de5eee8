using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Host.Algorithms;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.Algorithms;

/// <summary>Hierarchical algorithms among ranks on several hosts; a letter for each rank names its host.</summary>
public sealed unsafe class HierarchicalAlgorithmTests
{
    public static readonly string[] Hierarchical = ["allreduce", "allgather", "broadcast", "reduce", "reducescatter", "barrier"];

    public static TheoryData<string, string> EveryCollective(string layouts) =>
        new(from name in Hierarchical from hosts in layouts.Split(' ') select (name, hosts));

    [Theory]
    [MemberData(nameof(EveryCollective), "aabb abab aaab abaa aabbcc abccba")]
    public void Every_algorithm_is_right_for_every_root(string name, string hosts) => Check(
        name, hosts, [DataType.Int8, DataType.Float64], [Reduction.Sum, Reduction.Avg],
        [1, hosts.Length - 1, hosts.Length + 1, 3 * hosts.Length + 1], [.. Enumerable.Range(0, hosts.Length)]);

    [Theory]
    [MemberData(nameof(EveryCollective), "abba")]
    public void Every_algorithm_is_right_for_every_type_and_reduction(string name, string hosts) =>
        Check(name, hosts, DataTypes.All, Reductions.All, [10], [0]);

    /// <summary>On both sides of where one algorithm follows another.</summary>
    [Theory]
    [MemberData(nameof(EveryCollective), "aabb abab abaa abcdabcd")]
    public void What_is_taken_is_right_around_the_limits(string name, string hosts)
    {
        const long Ki = 1024;
        int blocks = name is "allgather" or "reducescatter" ? hosts.Length : 1;
        long[] sizes = blocks > 1 ? [64 * Ki, 512 * Ki] : [16 * Ki, 64 * Ki, 256 * Ki];
        Check(
            name, hosts, [DataType.Float64], [Reduction.Sum],
            [.. sizes.Select(size => size / blocks / sizeof(double)).SelectMany(count => new[] { count, count + 1 })], [1],
            [ChosenAlgorithm.Instance]);
    }

    /// <summary>Large enough that rings divide blocks of the ranks of a host into parts.</summary>
    [Theory]
    [MemberData(nameof(EveryCollective), "aabb abba aaab")]
    public void Every_algorithm_is_right_for_large_buffers(string name, string hosts) => Check(
        name, hosts, [DataType.Float64], [Reduction.Sum], [name is "allgather" or "reducescatter" ? 70_001 : 150_003], [2]);

    /// <summary>In place most of all: what arrives must not overwrite what is still to be sent.</summary>
    [Theory]
    [MemberData(nameof(EveryCollective), "aabb abab abb")]
    public void Every_algorithm_is_right_where_one_rank_is_slow_to_send(string name, string hosts) => Check(
        name, hosts, [DataType.Float32], [Reduction.Sum], [4097, 40_001], [1],
        wrap: (rank, _, link) => rank == 1 ? new LaggingLink(link) : link);

    /// <summary>The bytes that leave all hosts, and what a call takes where hosts do not count.</summary>
    [Theory]
    [InlineData("allreduce", "aabb", 1 << 20, 2 << 20, 3 << 20)]
    [InlineData("allreduce", "abab", 1 << 20, 2 << 20, 6 << 20)]
    [InlineData("allreduce", "aaab", 1 << 20, 2 << 20, 3 << 20)]
    [InlineData("allreduce", "aaaabbbb", 4096, 2 * 4096, 8 * 4096)]
    [InlineData("allgather", "aabb", 1 << 20, 1 << 20, 3 << 19)]
    [InlineData("allgather", "abab", 1 << 20, 1 << 20, 3 << 20)]
    [InlineData("allgather", "aabb", 4096, 4096, 6 * 1024 + 4096)]
    [InlineData("allgather", "abaa", 1 << 20, 3 << 19, 3 << 19)]
    [InlineData("reducescatter", "aabb", 1 << 20, 1 << 20, 3 << 19)]
    [InlineData("reducescatter", "abab", 1 << 20, 1 << 20, 3 << 20)]
    [InlineData("reducescatter", "aaaabbbb", 32768, 32768, 4 * 32768)]
    [InlineData("broadcast", "abab", 1 << 20, 1 << 20, 3 << 20)]
    [InlineData("broadcast", "abab", 4096, 4096, 2 * 4096)]
    [InlineData("reduce", "abab", 1 << 20, 2 << 20, 3 << 20)]
    [InlineData("reduce", "abab", 4096, 4096, 2 * 4096)]
    [InlineData("barrier", "aaaabbbb", 1, 2 * 8, 14 * 8)]
    public void Fewer_bytes_go_between_hosts(string name, string hosts, long bytes, long hierarchical, long flat)
    {
        Collective collective = Operations.Find(name)!;
        long count = collective.CountFor(bytes, sizeof(float), hosts.Length);
        var call = new CollectiveCall(collective, DataType.Float32, Reduction.Sum, 0, count, 0, 0);
        Assert.Equal(hierarchical, BytesBetweenHosts(hosts, call, ChosenAlgorithm.Instance));
        Assert.Equal(flat, BytesBetweenHosts(hosts, call, AlgorithmTable.For(call, hosts.Length, MemoryReach.None)));
    }

    [Theory]
    [InlineData("aabb")]
    [InlineData("aaab")]
    public void Nobody_leaves_the_barrier_before_everybody_entered(string hosts)
    {
        Algorithm barrier = Assert.Single(HierarchicalTable.Of(Operations.Find("barrier")!, HostsInMemory.LayoutOf(hosts)));
        int entered = 0;
        HostsInMemory.Run(hosts, links =>
        {
            for (int round = 1; round <= 200; round++)
            {
                Interlocked.Increment(ref entered);
                barrier.Run(links, new CollectiveCall { Collective = Operations.Find("barrier")! });
                Assert.InRange(Volatile.Read(ref entered), round * hosts.Length, (round + 1) * hosts.Length - 1);
            }
        });
    }

    /// <summary>Of numbers that a sum rounds.</summary>
    [Theory]
    [InlineData("aabb", 1000)]
    [InlineData("aabb", 50_001)]
    [InlineData("abaab", 50_001)]
    public void A_sum_has_the_same_bits_on_every_rank_whoever_is_slow(string hosts, int count)
    {
        float[][] first = Sums(slow: -1), second = Sums(slow: 1);
        Assert.All(first.Concat(second), sum => Assert.Equal(first[0], sum));

        float[][] Sums(int slow)
        {
            float[][] sums = [.. hosts.Select(_ => new float[count])];
            HostsInMemory.Run(
                hosts,
                links =>
                {
                    fixed (float* sum = sums[links.Rank])
                    {
                        for (int i = 0; i < count; i++) sum[i] = 1f / (1 + i + 7919 * links.Rank);
                        ChosenAlgorithm.Instance.Run(links, new CollectiveCall(
                            new AllReduce(), DataType.Float32, Reduction.Sum, 0, count, (nint)sum, (nint)sum, InPlace: true));
                    }
                },
                (rank, _, link) => rank == slow ? new LaggingLink(link) : link);
            return sums;
        }
    }

    [Fact]
    public void A_timed_call_allocates_nothing() => HostsInMemory.Run("aabb", links =>
    {
        const int Count = 20_000;
        using var send = new GuardedBuffer(4 * Count * sizeof(float));
        using var receive = new GuardedBuffer(4 * Count * sizeof(float));
        foreach (Collective collective in Hierarchical.Select(name => Operations.Find(name)!))
        {
            var call = new CollectiveCall(collective, DataType.Float32, Reduction.Sum, 0, Count, (nint)send.Data, (nint)receive.Data);
            ChosenAlgorithm.Instance.Run(links, call);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ChosenAlgorithm.Instance.Run(links, call);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    });

    private static void Check(
        string name, string hosts, IEnumerable<DataType> types, IEnumerable<Reduction> reductions, IEnumerable<long> counts,
        IEnumerable<int> roots, IEnumerable<Algorithm>? algorithms = null, Func<int, int, Link, Link>? wrap = null)
    {
        Collective collective = Operations.Find(name)!;
        AlgorithmCase[] all =
        [
            .. AlgorithmCase.All(
                collective, algorithms ?? HierarchicalTable.Of(collective, HostsInMemory.LayoutOf(hosts)), types, reductions,
                counts, roots),
        ];
        Assert.True(all.Length > 0 || name is "allgather" or "reducescatter");
        HostsInMemory.Run(
            hosts,
            links =>
            {
                foreach (AlgorithmCase one in all) one.Check(links);
            },
            wrap);
    }

    private static long BytesBetweenHosts(string hosts, CollectiveCall call, Algorithm algorithm)
    {
        List<CountingLink>[] between = [.. hosts.Select(_ => new List<CountingLink>())];
        long[] sent = new long[hosts.Length];
        HostsInMemory.Run(
            hosts,
            links =>
            {
                long bytes = Math.Max(sizeof(long), call.Collective.Bytes(call.Count, sizeof(float), hosts.Length));
                using var send = new GuardedBuffer(bytes);
                using var receive = new GuardedBuffer(bytes);
                algorithm.Run(links, call with { Send = (nint)send.Data, Receive = (nint)receive.Data });
                sent[links.Rank] = between[links.Rank].Sum(link => link.Sent);
            },
            (rank, peer, link) =>
            {
                if (hosts[rank] == hosts[peer]) return link;
                var counting = new CountingLink(link);
                between[rank].Add(counting);
                return counting;
            });
        return sent.Sum();
    }
}
