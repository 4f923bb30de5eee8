using Nperf.Core.Results;

namespace Nperf.Core.Tests.Stragglers;

public class StragglerTestTests
{
    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 3)]
    [InlineData(16, 4)]
    [InlineData(64, 1)]
    public void A_thousand_runs_of_equal_ranks_with_noise_name_nobody(int ranks, int sizes)
    {
        var random = new Random(ranks);
        // Now and then a rank loses most of a block, as a busy machine makes it.
        double Noisy(int rank) => random.NextDouble() < 0.1 ? 0.3 + (0.7 * random.NextDouble()) : 0.3 + (0.05 * random.NextDouble());
        for (int run = 0; run < 1000; run++) Assert.Equal([], PlannedRun.Judge(ranks, sizes, Noisy)!);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(64)]
    public void A_rank_that_is_always_busy_for_longer_is_named_however_noisy_it_is(int ranks)
    {
        var random = new Random(ranks);
        for (int run = 0; run < 100; run++)
        {
            StragglerSection one = Assert.Single(
                PlannedRun.Judge(ranks, 1, rank => (rank == 2 ? 0.7 : 0.3) + (0.1 * random.NextDouble()))!);
            Assert.Equal((2, "node2", false), (one.Rank, one.Host, one.Sending));
            Assert.InRange(one.Lost, 0.2, 0.5);
        }
    }

    [Fact]
    public void Several_are_named_where_most_are_well()
    {
        IReadOnlyList<StragglerSection> two = PlannedRun.Judge(8, 1, rank => rank is 1 or 5 ? 0.9 : 0.3 + (0.01 * rank))!;

        Assert.Equal([1, 5], two.Select(one => one.Rank));
    }

    [Fact]
    public void A_rank_whose_link_is_slow_waits_for_nothing_but_that_others_take_what_it_sends()
    {
        StragglerSection one = Assert.Single(PlannedRun.Judge(4, 1, _ => 0.1, rank => rank == 3 ? 0.8 : 0.01 * rank)!);

        Assert.Equal((3, true), (one.Rank, one.Sending));
    }

    [Fact]
    public void What_a_rank_does_itself_comes_before_what_those_wait_for_that_send_to_it()
    {
        StragglerSection one = Assert.Single(
            PlannedRun.Judge(4, 1, rank => rank == 2 ? 0.9 : 0.1, rank => rank == 1 ? 0.8 : 0)!);

        Assert.Equal((2, false), (one.Rank, one.Sending));
    }

    [Fact]
    public void Of_two_ranks_it_cannot_be_said_which_is_off() =>
        Assert.Null(PlannedRun.Judge(2, 10, rank => rank == 0 ? 0.9 : 0.1));

    [Fact]
    public void A_small_difference_is_none()
    {
        Assert.Equal([], PlannedRun.Judge(4, 5, rank => rank == 0 ? 0.35 : 0.3)!);
    }

    [Fact]
    public void Places_that_differ_in_their_work_are_not_held_against_each_other()
    {
        // Four hosts of two; whoever is first on its host also sends to the next host.
        int[] peers = [0, 1, 0, 1, 0, 1, 0, 1];
        var random = new Random(1);
        double Work(int rank) => (peers[rank] == 0 ? 0.8 : 0.2) + (0.01 * random.NextDouble());

        Assert.Equal([], PlannedRun.Judge(8, 1, Work, peers: peers)!);
        StragglerSection one = Assert.Single(PlannedRun.Judge(8, 1, rank => Work(rank) + (rank == 3 ? 0.3 : 0), peers: peers)!);
        Assert.Equal(3, one.Rank);
    }

    [Fact]
    public void Without_blocks_nobody_is_judged() => Assert.Null(PlannedRun.Judge(4, 0, _ => 0.3));
}
