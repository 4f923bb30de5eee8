using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host.Algorithms;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.Algorithms;

public sealed class AlgorithmTableTests
{
    [Fact]
    public void Every_algorithm_is_taken_for_some_size_and_world()
    {
        foreach (Collective collective in Operations.All)
        {
            var taken = new HashSet<Algorithm>();
            foreach ((int worldSize, MemoryReach reach) in
                from worldSize in (int[])[2, 3, 4, 8, 64]
                from reach in Enum.GetValues<MemoryReach>()
                select (worldSize, reach))
            {
                for (long count = 1; count <= 1L << 34; count *= 2)
                    taken.Add(AlgorithmTable.For(Call(collective, count), worldSize, reach));
            }

            Assert.Equal(AlgorithmTable.Of(collective).ToHashSet(), taken);
        }
    }

    [Fact]
    public void The_name_of_an_algorithm_can_be_typed_and_tells_it_from_the_others_of_its_collective()
    {
        foreach (Collective collective in Operations.All)
        {
            string[] names = [.. AlgorithmTable.Of(collective).Select(algorithm => algorithm.Name)];
            Assert.Equal(names.Length, names.Distinct().Count());
            Assert.All(names, name => Assert.Matches("^[a-z-]+$", name));
        }
    }

    [Fact]
    public void Ranks_that_share_processors_send_what_others_copy_from_memory_to_memory()
    {
        CollectiveCall call = Call(Operations.Find("sendrecv")!, 32 << 10);

        Assert.Equal("single-copy", AlgorithmTable.For(call, 4, MemoryReach.Copies).Name);
        Assert.Equal("exchange", AlgorithmTable.For(call, 4, MemoryReach.Copies, crowded: true).Name);
    }

    [Fact]
    public void Over_TCP_alone_a_crowd_changes_nothing()
    {
        foreach (Collective collective in Operations.All)
        {
            for (long bytes = 8; bytes <= 4 << 20; bytes *= 2)
            {
                CollectiveCall call = Call(collective, bytes / 4);
                Assert.Same(AlgorithmTable.For(call, 4, MemoryReach.None), AlgorithmTable.For(call, 4, MemoryReach.None, crowded: true));
            }
        }
    }

    [Fact]
    public void Choosing_allocates_nothing()
    {
        CollectiveCall call = Call(Operations.All[0], 1 << 20);
        AlgorithmTable.For(call, 2, MemoryReach.Copies);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) AlgorithmTable.For(call, 2, MemoryReach.Copies);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static CollectiveCall Call(Collective collective, long count) =>
        new(collective, DataType.Float32, Reduction.Sum, 0, count, 0, 0);
}
