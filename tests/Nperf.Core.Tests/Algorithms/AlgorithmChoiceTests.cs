using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host.Algorithms;
using Nperf.Core.Options;
using Nperf.Core.Tests.Host;

namespace Nperf.Core.Tests.Algorithms;

public sealed class AlgorithmChoiceTests
{
    [Fact]
    public void Where_nobody_says_otherwise_it_is_the_tables()
    {
        foreach ((CollectiveCall call, int ranks) in Calls())
            Assert.Same(AlgorithmTable.For(call, ranks, MemoryReach.None), new AlgorithmChoice(new RunOptions(), ranks).For(call, MemoryReach.None));
    }

    [Fact]
    public void The_table_as_its_own_rules_is_the_same_table()
    {
        var options = new RunOptions { AlgorithmTable = new AlgorithmRules(HostAlgorithms.Table) };

        Assert.True(options.AlgorithmTable.IsSound);
        foreach ((CollectiveCall call, int ranks) in Calls())
            Assert.Same(AlgorithmTable.For(call, ranks, MemoryReach.None), new AlgorithmChoice(options, ranks).For(call, MemoryReach.None));
    }

    [Fact]
    public void A_name_holds_for_every_size_of_what_has_it()
    {
        foreach ((CollectiveCall call, int ranks) in Calls())
        {
            foreach (string name in HostAlgorithms.Names)
            {
                Algorithm chosen = new AlgorithmChoice(new RunOptions { Algorithm = name }, ranks).For(call, MemoryReach.Maps);
                bool has = AlgorithmTable.Of(call.Collective).Any(one => one.Name == name);
                Assert.Equal(has && ranks > 1 ? name : AlgorithmTable.For(call, ranks, MemoryReach.Maps).Name, chosen.Name);
            }
        }
    }

    /// <summary>Where hierarchical algorithms would be taken: what was asked for goes before them.</summary>
    [Theory]
    [InlineData("aabb", "ring", "allreduce", "ring")]
    [InlineData("aabb", "hierarchical-leader", "allreduce", "hierarchical-leader")]
    [InlineData("aabb", "hierarchical", "broadcast", "chain")]
    [InlineData("abab", "host-ordered-ring", "allgather", "host-ordered-ring")]
    [InlineData("aaab", "hierarchical", "allreduce", "hierarchical-leader")]
    [InlineData("aaab", "dissemination", "barrier", "dissemination")]
    [InlineData("aaab", "auto", "barrier", "hierarchical-leader")]
    public void On_several_hosts_a_name_holds_for_what_has_it_there(string hosts, string name, string operation, string taken)
    {
        CollectiveCall call = Call(Operations.Find(operation)!, 1 << 20);
        var choice = new AlgorithmChoice(new RunOptions { Algorithm = name }, hosts.Length, HostsInMemory.LayoutOf(hosts));
        Assert.Equal(taken, choice.For(call, MemoryReach.None).Name);
    }

    [Fact]
    public void On_several_hosts_the_table_as_rules_does_without_hierarchy()
    {
        var options = new RunOptions { AlgorithmTable = new AlgorithmRules(HostAlgorithms.Table) };
        foreach (CollectiveCall call in Calls().Where(one => one.Ranks == 2).Select(one => one.Call))
        {
            Algorithm chosen = new AlgorithmChoice(options, 4, HostsInMemory.LayoutOf("aabb")).For(call, MemoryReach.None);
            Assert.Same(AlgorithmTable.For(call, 4, MemoryReach.None), chosen);
        }
    }

    [Theory]
    [InlineData("aabb", "hierarchical", null)]
    [InlineData("aaab", "hierarchical-leader", null)]
    [InlineData("aaab", "hierarchical", "--algo: 'hierarchical' needs as many ranks on each host, and they have 3, 1")]
    public void Hosts_that_do_not_fit_are_refused(string hosts, string name, string? refusal) => HostsInMemory.Run(hosts, links =>
        Assert.Equal(refusal, Record.Exception(() => HostAlgorithms.Require(new RunOptions { Algorithm = name }, links))?.Message));

    [Fact]
    public void Ranks_of_one_host_have_no_hierarchy() => TestWorld.Run(2, Transport.Tcp, links => Assert.Equal(
        "--algo: 'hierarchical' needs ranks on several hosts, and several on one of them, with --transport auto; "
        + $"rank {links.Rank} is connected by tcp",
        Record.Exception(() => HostAlgorithms.Require(new RunOptions { Algorithm = "hierarchical" }, links))?.Message));

    [Fact]
    public void The_first_rule_with_room_counts_and_what_has_none_goes_by_the_table()
    {
        var options = new RunOptions
        {
            AlgorithmTable = new AlgorithmRules(
            [
                new AlgorithmRule("allgather", AlgorithmRule.AnyRanks, AlgorithmRule.AnyBytes, "ring"),
                new AlgorithmRule("allreduce", 3, 8192, "ring"),
                new AlgorithmRule("allreduce", AlgorithmRule.AnyRanks, 1 << 20, "recursive-doubling"),
            ]),
        };
        string Of(string operation, long bytes, int ranks) =>
            new AlgorithmChoice(options, ranks).For(Call(Operations.Find(operation)!, bytes / 4), MemoryReach.None).Name;

        Assert.Equal("ring", Of("allreduce", 8192, 3));
        Assert.Equal("recursive-doubling", Of("allreduce", 8196, 3));
        Assert.Equal("recursive-doubling", Of("allreduce", 8192, 4));
        Assert.Equal("ring", Of("allreduce", (1 << 20) + 4, 4)); // The table's.
        Assert.Equal("ring", Of("allgather", 16, 4));
        Assert.Equal("binomial", Of("broadcast", 16, 4));
        Assert.Equal("copy", Of("allreduce", 16, 1));
    }

    [Fact]
    public void A_choice_follows_the_collective_that_is_called()
    {
        var choice = new AlgorithmChoice(new RunOptions { Algorithm = "bruck" }, 4);
        string[] names = ["allgather", "allreduce", "alltoall", "allgather"];

        Assert.Equal(["bruck", "ring", "bruck", "bruck"], names.Select(name => choice.For(Call(Operations.Find(name)!, 1 << 20), MemoryReach.None).Name));
    }

    [Theory]
    [InlineData("allreduce")]
    [InlineData("alltoallv")]
    public void Choosing_by_rules_allocates_nothing(string operation)
    {
        var choice = new AlgorithmChoice(new RunOptions { AlgorithmTable = new AlgorithmRules(HostAlgorithms.Table) }, 4);
        CollectiveCall call = Call(Operations.Find(operation)!, 1 << 20);
        choice.For(call, MemoryReach.None);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) choice.For(call, MemoryReach.None);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("ring", "allreduce", 4, null)]
    [InlineData("auto", "barrier", 1, null)]
    [InlineData("bruck", "allreduce,allgather", 4, "--algo: allreduce has no 'bruck': it has recursive-doubling, ring, single-copy, hierarchical-leader, hierarchical")]
    [InlineData("ring", "barrier,gather", 4, "--algo: gather has no 'ring': it has direct, binomial, single-copy; barrier has no 'ring': it has dissemination, hierarchical-leader")]
    [InlineData("ring", "allreduce", 1, "--algo: 'ring' needs two ranks or more: one alone copies")]
    public void What_an_operation_does_not_have_is_refused_with_what_it_has(string name, string operations, int ranks, string? refusal)
    {
        var options = new RunOptions { Algorithm = name, Operations = operations.Split(',') };

        Exception? refused = Record.Exception(() => HostAlgorithms.Require(options, ranks));
        Assert.Equal(refusal, refused?.Message);
    }

    [Fact]
    public void Where_everything_is_run_one_operation_has_to_have_it()
    {
        RunOptions all = new() { Operations = [.. Operations.All.Select(one => one.Name)] };

        Assert.All(HostAlgorithms.Names, name => HostAlgorithms.Require(all with { Algorithm = name }, 2));
        Assert.Throws<RunException>(() => HostAlgorithms.Require(all with { Algorithm = "tree" }, 2));
    }

    private static IEnumerable<(CollectiveCall Call, int Ranks)> Calls() =>
        from collective in Operations.All
        from ranks in (int[])[1, 2, 3, 16, 17]
        from count in (long[])[1, 1 << 10, 1 << 13, 1 << 16, 1 << 19, 1L << 30]
        select (Call(collective, count), ranks);

    private static CollectiveCall Call(Collective collective, long count) =>
        new(collective, DataType.Float32, Reduction.Sum, 0, count, 0, 0);
}
