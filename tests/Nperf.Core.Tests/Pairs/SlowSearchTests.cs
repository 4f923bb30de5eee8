using Nperf.Core.Results;

namespace Nperf.Core.Tests.Pairs;

public class SlowSearchTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(64)]
    public void Nobody_is_slow_in_a_fleet_that_is_alike(int ranks)
    {
        FindSlowSection found = new Fleet(ranks).Search();

        Assert.Equal(("nobody", 0, 0), (found.Verdict, found.Slow.Count, found.Suspects.Count));
        Assert.Equal(Enumerable.Range(0, ranks), found.Steps[^1].Ranks);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(8, 0)]
    [InlineData(8, 7)]
    [InlineData(64, 33)]
    public void A_slow_sender_is_named_with_its_host_and_confirmed(int ranks, int slow)
    {
        var fleet = new Fleet(ranks) { Speed = (from, _) => from == slow ? 0.5 : 1 };
        FindSlowSection found = fleet.Search();

        OutlierSection one = Assert.Single(found.Slow);
        Assert.Equal(("rank", "send", $"node{slow}"), (one.Kind, one.Direction, one.Host));
        Assert.Equal([slow], one.Ranks);
        Assert.Contains("2.0 times as long as without, at best of 3 tries", one.Evidence, StringComparison.Ordinal);
        Assert.Equal($"slow: rank {slow} on node{slow}", found.Summary);
        Assert.Contains(found.NextSteps, step => step.Contains($"node{slow}", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, ranks).Except([slow]), found.Steps[^1].Ranks);
    }

    [Fact]
    public void A_rank_whose_pairs_are_good_and_that_slows_a_group_is_found_by_halves()
    {
        var fleet = new Fleet(16) { Crowding = ring => ring.Contains(11) && ring.Count > 1 ? 2 : 1 };
        FindSlowSection found = fleet.Search();

        Assert.Empty(found.Suspects);
        Assert.Equal([11], Assert.Single(found.Slow).Ranks);
        Assert.Contains(found.Steps, step => step is { Kind: "bisect", Slow: true });
    }

    [Fact]
    public void Many_that_are_slow_only_together_are_not_named_one_by_one()
    {
        var fleet = new Fleet(16) { Crowding = ring => ring.Count > 8 ? 3 : 1 };
        FindSlowSection found = fleet.Search();

        Assert.Equal(("together", 0), (found.Verdict, found.Slow.Count));
        Assert.NotEmpty(found.NextSteps);
    }

    [Fact]
    public void A_pair_that_was_slow_once_by_chance_is_not_named()
    {
        int asked = 0;
        var fleet = new Fleet(8) { Speed = (from, to) => (from, to) == (2, 5) && asked++ == 0 ? 0.2 : 1 };
        FindSlowSection found = fleet.Search();

        Assert.Equal([2, 5], found.Suspects);
        Assert.Equal("nobody", found.Verdict);
    }

    [Fact]
    public void A_slow_pair_of_good_ranks_is_named_as_a_pair()
    {
        var fleet = new Fleet(8) { Speed = (from, to) => (Math.Min(from, to), Math.Max(from, to)) == (2, 5) ? 0.2 : 1 };
        FindSlowSection found = fleet.Search();

        OutlierSection one = Assert.Single(found.Slow);
        Assert.Equal(("pair", "both"), (one.Kind, one.Direction));
        Assert.Equal([2, 5], one.Ranks);
    }

    [Fact]
    public void A_host_all_of_whose_ranks_are_slow_is_named_as_one()
    {
        var fleet = new Fleet(4, 4) { Speed = (from, to) => from / 4 == to / 4 ? 10 : from / 4 == 2 ? 0.5 : 1 };
        FindSlowSection found = fleet.Search();

        OutlierSection one = Assert.Single(found.Slow);
        Assert.Equal(("host", "send", "node2"), (one.Kind, one.Direction, one.Host));
        Assert.Equal([8, 9, 10, 11], one.Ranks);
        Assert.StartsWith("slow: all 4 ranks of node2", found.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Fast_links_within_hosts_and_slower_ones_between_them_are_no_outliers()
    {
        var fleet = new Fleet(4, 4) { Speed = (from, to) => from / 4 == to / 4 ? 10 : 1 };

        PairsSection pairs = fleet.Pairs();

        Assert.Empty(pairs.Outliers);
        Assert.Equal(["network", "process"], pairs.Classes.Select(one => one.Class).Order());
        Assert.Equal(16 * 15, pairs.Links.Count);
        Assert.Equal("nobody", fleet.Search().Verdict);
    }
}
