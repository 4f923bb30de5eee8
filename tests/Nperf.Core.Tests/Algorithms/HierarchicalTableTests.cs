using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Host.Algorithms;

namespace Nperf.Core.Tests.Algorithms;

public sealed class HierarchicalTableTests
{
    [Fact]
    public void Every_algorithm_is_taken_for_some_size_and_layout_and_named_by_itself()
    {
        HostLayout[] layouts = [.. new[] { "aabb", "abab", "aaab", "abaa" }.Select(HostsInMemory.LayoutOf)];
        foreach (Collective collective in Operations.All)
        {
            var taken = new HashSet<Algorithm>();
            foreach (HostLayout layout in layouts)
            {
                for (long count = 1; count <= 1L << 34; count *= 2)
                {
                    if (HierarchicalTable.For(Call(collective, count), layout) is { } algorithm) taken.Add(algorithm);
                }
            }

            Assert.Equal(HierarchicalTable.Of(collective).ToHashSet(), taken);
            Algorithm[] all = [.. taken, .. AlgorithmTable.Of(collective)];
            Assert.Equal(all.Length, all.Select(algorithm => algorithm.Name).Distinct().Count());
        }
    }

    [Theory]
    [InlineData("allreduce", "aabb", 4096, "hierarchical-leader")]
    [InlineData("allreduce", "abab", 4097, "hierarchical")]
    [InlineData("allreduce", "aaab", 4097, "hierarchical-leader")]
    [InlineData("allgather", "abab", 1, "hierarchical")]
    [InlineData("allgather", "abaa", 4097, "host-ordered-ring")]
    [InlineData("allgather", "abaa", 4096, null)]
    [InlineData("allgather", "aaab", 1 << 20, null)]
    [InlineData("reducescatter", "abab", 1, "hierarchical")]
    [InlineData("reducescatter", "abaa", 1 << 20, "host-ordered-ring")]
    [InlineData("broadcast", "aabb", 16384, "hierarchical-leader")]
    [InlineData("broadcast", "aabb", 16385, null)]
    [InlineData("broadcast", "abab", 16385, "host-ordered-chain")]
    [InlineData("reduce", "abab", 65537, "host-ordered-chain")]
    [InlineData("barrier", "aaab", 0, "hierarchical-leader")]
    [InlineData("alltoall", "aabb", 1024, null)]
    [InlineData("alltoallv", "aabb", 1024, null)]
    public void It_depends_on_size_and_hosts(string name, string hosts, long count, string? algorithm) => Assert.Equal(
        algorithm, HierarchicalTable.For(Call(Operations.Find(name)!, count), HostsInMemory.LayoutOf(hosts))?.Name);

    [Fact]
    public void Choosing_allocates_nothing()
    {
        HostLayout layout = HostsInMemory.LayoutOf("abab");
        CollectiveCall call = Call(new AllReduce(), 1 << 20);
        HierarchicalTable.For(call, layout);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) HierarchicalTable.For(call, layout);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static CollectiveCall Call(Collective collective, long count) =>
        new(collective, DataType.Float32, Reduction.Sum, 0, count, 0, 0);
}
