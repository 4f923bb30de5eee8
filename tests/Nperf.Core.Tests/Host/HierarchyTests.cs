using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Options;
using Nperf.Core.Tests.Algorithms;

namespace Nperf.Core.Tests.Host;

/// <summary>Processes that share memory and processes that do not: what is taken, over the links that they really have.</summary>
public sealed class HierarchyTests
{
    /// <summary>A letter for each process names its host.</summary>
    public static TheoryData<string, int[]> Worlds => new()
    {
        { "ab", [2, 2] },
        { "aabb", [1, 1, 1, 1] },
        { "abab", [1, 1, 1, 1] },
        { "ab", [3, 1] },
        { "aab", [1, 2, 2] },
        { "abca", [1, 2, 2, 1] },
    };

    [Theory]
    [MemberData(nameof(Worlds))]
    public void Collectives_are_right_over_memory_and_TCP(string hosts, int[] ranksPerProcess)
    {
        using TestHub hub = TestWorld.Hub(ranksPerProcess, new RunOptions(), process => $"{hosts[process]}");
        int ranks = hub.World.Size;
        AlgorithmCase[] all =
        [
            .. HierarchicalAlgorithmTests.Hierarchical.SelectMany(name => AlgorithmCase.All(
                Operations.Find(name)!, [ChosenAlgorithm.Instance], [DataType.Float64], [Reduction.Avg], [1, 40_001],
                [ranks - 1])),
        ];
        TestWorld.Run(hub, communicator =>
        {
            Assert.NotNull(communicator.Links.Hierarchy);
            foreach (AlgorithmCase one in all) one.Check(communicator.Links);
        });
    }

    [Fact]
    public void Each_group_has_the_hosts_of_its_own_ranks()
    {
        // Of the even ranks two are on each host, of the odd ones three on the first.
        string hosts = "aaaabaab";
        using TestHub hub = TestWorld.Hub(
            [1, 1, 1, 1, 1, 1, 1, 1], new RunOptions { Split = new Split(SplitKind.Mod, 2) }, process => $"{hosts[process]}");
        TestWorld.Run(hub, communicator =>
        {
            HostLayout layout = communicator.Links.Hierarchy!.Layout;
            Assert.Equal(communicator.WorldRank % 2 == 0 ? [0, 1, 3, 2] : [0, 1, 2, 3], layout.InOrder);
            foreach (AlgorithmCase one in AlgorithmCase.All(
                new AllReduce(), [ChosenAlgorithm.Instance], [DataType.Float32], [Reduction.Sum], [1, 100_003], [0]))
                one.Check(communicator.Links);
        });
    }

    [Theory]
    [InlineData(Transport.Tcp, "aabb", SplitKind.Mod, 1)]
    [InlineData(Transport.Auto, "aaaa", SplitKind.Mod, 1)]
    [InlineData(Transport.Auto, "abcd", SplitKind.Mod, 1)]
    [InlineData(Transport.Auto, "aabb", SplitKind.Div, 2)]
    [InlineData(Transport.Auto, "aabb", SplitKind.Mod, 2)]
    public void Ranks_with_one_kind_of_link_have_none(Transport transport, string hosts, SplitKind kind, int split)
    {
        using TestHub hub = TestWorld.Hub(
            [1, 1, 1, 1], new RunOptions { Transport = transport, Split = new Split(kind, split) },
            process => $"{hosts[process]}");
        TestWorld.Run(hub, communicator => Assert.Null(communicator.Links.Hierarchy));
    }

    [Fact]
    public void Results_name_what_is_taken()
    {
        using TestHub hub = TestWorld.Hub([2, 2], new RunOptions(), process => $"host{process}");
        TestWorld.Run(hub, communicator =>
        {
            Assert.Equal("hierarchical-leader", Name(new AllReduce(), 4));
            Assert.Equal("hierarchical", Name(new AllReduce(), 1 << 20));
            Assert.Equal("chain", Name(new Broadcast(), 1 << 20));
            Assert.Equal("exchange", Name(new SendRecv(), 4));

            string? Name(Collective collective, long count) =>
                communicator.ChoiceFor(new CollectiveCall(collective, DataType.Float32, Reduction.Sum, 0, count, 0, 0)).Algorithm;
        });
    }

    [Fact]
    public void Who_does_not_come_is_named_by_its_rank_in_the_world()
    {
        using TestHub hub = TestWorld.Hub(
            [1, 1, 1, 1], new RunOptions { TimeoutSeconds = 0.2 }, process => process % 2 == 0 ? "a" : "b");
        HostCommunicator[] communicators = TestWorld.Connect(hub);
        var ended = Assert.Throws<RunException>(() => communicators[1].Execute(new CollectiveCall { Collective = Operations.Find("barrier")! }));
        Assert.Contains("rank 1 (host1) waited 0.2 s for data from rank 3 (host3)", ended.Message, StringComparison.Ordinal);
        Assert.Equal((3, "host3", "barrier"), (ended.Failure.Rank, ended.Failure.Host, ended.Failure.Step));
        foreach (HostCommunicator communicator in communicators) communicator.Dispose();
    }
}
