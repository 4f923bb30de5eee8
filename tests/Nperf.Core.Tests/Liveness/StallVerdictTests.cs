using Nperf.Core.Liveness;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Liveness;

/// <summary>Ranks 0 to 3, one a host: who holds up the others, and what is said.</summary>
public sealed class StallVerdictTests
{
    private static readonly RankPosition Together = new() { Step = RankStep.Timing, Operation = "allreduce", Bytes = 1024, Number = 7, Iterations = 3 };

    private static readonly RankPosition Behind = Together with { Step = RankStep.WarmingUp, Number = 6, Iterations = 0 };

    private static readonly RankPosition Busy = new() { Step = RankStep.Checking, Operation = "allreduce", Bytes = 1024, Number = 5 };

    private static readonly RankPosition Waiting = Busy with { Meeting = "allreduce, 1024 B" };

    [Fact]
    public void Who_is_in_an_earlier_step_than_the_others() => AssertVerdict(
        [3],
        "ranks 0-2 are in the timed loop of allreduce of 1024 B, after 3 iterations; rank 3 on node3 is in the warm-up of allreduce of 1024 B",
        Together, Together, Together, Behind);

    [Fact]
    public void Who_has_done_fewer_iterations() => AssertVerdict(
        [1],
        "ranks 0 and 2-3 are in the timed loop of allreduce of 1024 B, after 3 iterations; "
        + "rank 1 on node1 is in the timed loop of allreduce of 1024 B, after 2 iterations",
        Together, Together with { Iterations = 2 }, Together, Together);

    [Fact]
    public void The_end_of_a_chain_not_who_waits() => AssertVerdict(
        [2],
        "rank 0 on node0 is in the timed loop of allreduce of 1024 B, after 3 iterations, waiting for rank 1; "
        + "rank 1 on node1 is in the timed loop of allreduce of 1024 B, after 3 iterations, waiting for rank 2; "
        + "rank 3 on node3 is in the timed loop of allreduce of 1024 B, after 3 iterations, waiting for rank 0; "
        + "rank 2 on node2 is in the timed loop of allreduce of 1024 B, after 3 iterations",
        Together with { WaitsFor = 1 }, Together with { WaitsFor = 2 }, Together, Together with { WaitsFor = 0 });

    [Fact]
    public void Who_has_something_of_its_own_to_do() => AssertVerdict(
        [1],
        "rank 0 on node0 is in the verified allreduce of 1024 B, waiting for rank 1; ranks 2-3 are waiting at: allreduce, 1024 B; "
        + "rank 1 on node1 is checking the result of allreduce of 1024 B",
        Busy with { Step = RankStep.Verifying, WaitsFor = 1 }, Busy, Waiting, Waiting);

    [Fact]
    public void Who_has_not_come_to_where_the_others_wait() => AssertVerdict(
        [0, 3],
        "ranks 1-2 are waiting at: allreduce, 1024 B; ranks 0 and 3 are checking the result of allreduce of 1024 B",
        Busy, Waiting, Waiting, Busy);

    [Fact]
    public void Who_is_within_an_operation_that_the_others_have_left() => AssertVerdict(
        [2],
        "ranks 0-1 and 3 are waiting at: allreduce, 1024 B; rank 2 on node2 is in the timed loop of allreduce of 1024 B, after 3 iterations",
        Waiting, Waiting, Together, Waiting);

    [Fact]
    public void Nobody_where_all_are_in_the_same_operation() => AssertVerdict(
        [], "ranks 0-3 are in the timed loop of allreduce of 1024 B, after 3 iterations", Together, Together, Together, Together);

    [Fact]
    public void Nobody_where_all_wait_for_each_other() => AssertVerdict(
        [],
        "rank 0 on node0 is in the timed loop of allreduce of 1024 B, after 3 iterations, waiting for rank 1; "
        + "rank 1 on node1 is in the timed loop of allreduce of 1024 B, after 3 iterations, waiting for rank 0",
        Together with { WaitsFor = 1 }, Together with { WaitsFor = 0 });

    [Fact]
    public void Nobody_where_nothing_is_known() => AssertVerdict([], "");

    [Fact]
    public void Many_ranks_in_many_places_are_told_in_a_line() => Assert.Matches(
        "^rank 0 on node0 is .*, after 1 iteration; .*; 96 more elsewhere$",
        StallVerdict.Of([.. Enumerable.Range(0, 100).Select(rank => Report(rank, Waiting with { Meeting = "", Iterations = rank + 1, Step = RankStep.WarmingUp }))
            .Append(Report(100, Busy))]).Text.Replace("; rank 100 on node100 is checking the result of allreduce of 1024 B", "", StringComparison.Ordinal));

    private static void AssertVerdict(int[] culprits, string text, params RankPosition[] positions)
    {
        var verdict = StallVerdict.Of([.. positions.Select((position, rank) => Report(rank, position))]);
        Assert.Equal(culprits, verdict.Culprits);
        Assert.Equal(text, verdict.Text);
    }

    private static RankReport Report(int rank, RankPosition position) =>
        new(rank, ThisProcess.Describe(rank, rank, 1, "10.0.0.1") with { Host = $"node{rank}" }, position);
}
