using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Host;

/// <summary>Ranks in groups: links, collectives and line-ups within a group alone.</summary>
public sealed unsafe class GroupedFabricTests
{
    private static readonly Split Halves = new(SplitKind.Mod, 2);

    [Theory]
    [InlineData(Transport.Auto, new[] { 6 }, "memory")]
    [InlineData(Transport.Auto, new[] { 1, 1, 1, 1 }, "shm")]
    [InlineData(Transport.Auto, new[] { 2, 2 }, "shm")]
    [InlineData(Transport.Shm, new[] { 2, 2 }, "shm")]
    [InlineData(Transport.Tcp, new[] { 1, 3, 2 }, "tcp")]
    public void Each_group_runs_its_collectives_by_itself(Transport transport, int[] ranksPerProcess, string transports)
    {
        using TestHub hub = TestWorld.Hub(ranksPerProcess, new RunOptions { Transport = transport, Split = Halves });
        int half = hub.World.Size / 2;
        bool[] seen = new bool[hub.World.Size];
        TestWorld.Run(hub, communicator =>
        {
            int color = communicator.WorldRank % 2;
            seen[communicator.WorldRank] = true;
            Assert.Equal(half, communicator.WorldSize);
            Assert.Equal(communicator.WorldRank / 2, communicator.Rank);
            Assert.Equal(transports, communicator.TransportSummary);
            communicator.LineUp();

            float sent = 10 * color + communicator.Rank;
            float[] received = new float[half];
            fixed (float* receive = received)
            {
                communicator.Execute(new CollectiveCall(
                    new AllGather(), DataType.Float32, Reduction.Sum, 0, 1, (nint)(&sent), (nint)receive));
            }

            Assert.Equal(Enumerable.Range(0, half).Select(rank => 10f * color + rank), received);
        });
        Assert.DoesNotContain(false, seen);
    }

    [Fact]
    public void A_group_does_not_wait_for_another()
    {
        using TestHub hub = TestWorld.Hub([4], new RunOptions { Split = Halves, TimeoutSeconds = 20 });
        using var done = new CountdownEvent(2);
        TestWorld.Run(hub, communicator =>
        {
            if (communicator.WorldRank % 2 == 0)
            {
                for (int round = 0; round < 100; round++) communicator.LineUp();
                done.Signal();
            }
            else
            {
                // Only once the other group has lined up many times.
                Assert.True(done.Wait(TestWorld.Limit));
                communicator.LineUp();
            }
        });
    }

    [Fact]
    public void No_link_is_made_between_groups()
    {
        using TestHub hub = TestWorld.Hub([2, 2], new RunOptions { Transport = Transport.Tcp, Split = Halves });
        var plan = new TransportPlan(hub.World, Groups.Of(4, Halves), Transport.Tcp);
        Assert.Equal([2], plan.Peers(0, Transport.Tcp));
        Assert.Equal([1], plan.Peers(3, Transport.Tcp));
        TestWorld.Run(hub, communicator => Assert.Equal("tcp", communicator.TransportSummary));
    }

    [Fact]
    public void A_group_of_one_rank_is_connected_with_itself()
    {
        using TestHub hub = TestWorld.Hub([1, 1, 1], new RunOptions { Split = new Split(SplitKind.Mod, 3) });
        TestWorld.Run(hub, communicator =>
        {
            Assert.Equal((0, 1, "memory"), (communicator.Rank, communicator.WorldSize, communicator.TransportSummary));
            communicator.LineUp();
        });
    }

    /// <summary>Ranks 0 and 1 are on two hosts; 2 and 3 share the first.</summary>
    [Fact]
    public void The_first_process_of_a_host_need_not_be_the_one_that_shares_memory()
    {
        using TestHub hub = TestWorld.Hub(
            [1, 1, 1, 1], new RunOptions { Split = new Split(SplitKind.Div, 2) }, index => index is 1 ? "away" : "here");
        string[] summaries = new string[4];
        TestWorld.Run(hub, communicator =>
        {
            summaries[communicator.WorldRank] = communicator.TransportSummary;
            communicator.LineUp();
        });
        Assert.Equal(["tcp", "tcp", "shm", "shm"], summaries);
    }

    [Theory]
    [InlineData(Transport.Memory)]
    [InlineData(Transport.Shm)]
    public void A_transport_has_to_reach_within_groups_only(Transport transport)
    {
        var hosts = new RunOptions { Transport = transport, Split = new Split(SplitKind.Div, 2) };
        using (TestHub hub = TestWorld.Hub([2, 2], hosts, index => $"host{index}"))
            TestWorld.Run(hub, communicator => communicator.LineUp());

        using TestHub across = TestWorld.Hub([2, 2], hosts with { Split = Halves }, index => $"host{index}");
        var refused = Assert.Throws<RunException>(() => TestWorld.Connect(across));
        Assert.Contains($"--transport {transport.ToString().ToLowerInvariant()} needs every rank of a group", refused.Message, StringComparison.Ordinal);
        Assert.Contains("rank 0 (host0)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("rank 2 (host1)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_of_different_sizes_are_refused()
    {
        using TestHub hub = TestWorld.Hub([2, 1], new RunOptions { Split = Halves });
        var refused = Assert.Throws<RunException>(() => TestWorld.Connect(hub));
        Assert.Contains("--split: 'mod:2' makes groups of 2, 1 of 3 ranks", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_does_not_come_is_named_by_its_rank_in_the_world()
    {
        using TestHub hub = TestWorld.Hub(
            [1, 1, 1, 1], new RunOptions { Transport = Transport.Shm, Split = Halves, TimeoutSeconds = 0.2 });
        HostCommunicator[] communicators = TestWorld.Connect(hub);
        var ended = Assert.Throws<RunException>(communicators[3].LineUp);
        Assert.Contains("rank 3 (host3) waited 0.2 s for data from rank 1 (host1)", ended.Message, StringComparison.Ordinal);
        Assert.Equal((1, "host1"), (ended.Failure.Rank, ended.Failure.Host));
        foreach (HostCommunicator communicator in communicators) communicator.Dispose();
    }

    [Fact]
    public void Who_is_lost_is_named_by_its_rank_in_the_world()
    {
        using TestHub hub = TestWorld.Hub([1, 1, 1, 1], new RunOptions { Transport = Transport.Tcp, Split = Halves });
        HostCommunicator[] communicators = TestWorld.Connect(hub);
        communicators[1].Dispose();
        var ended = Assert.Throws<RunException>(communicators[3].LineUp);
        Assert.Contains("rank 3 (host3) lost its data connection to rank 1 (host1)", ended.Message, StringComparison.Ordinal);
        Assert.Equal((1, "host1"), (ended.Failure.Rank, ended.Failure.Host));
        foreach (HostCommunicator communicator in communicators) communicator.Dispose();
    }
}
