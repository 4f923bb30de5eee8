using CsCheck;
using Nperf.Core.Pairs;

namespace Nperf.Core.Tests.Pairs;

public class PairScheduleTests
{
    [Fact]
    public void Every_pair_meets_once_and_nobody_meets_two_at_a_time() =>
        Gen.Int[1, 70].Sample(ranks =>
        {
            IReadOnlyList<IReadOnlyList<(int One, int Other)>> rounds = PairSchedule.Of(ranks);

            AssertComplete(rounds, ranks);
            Assert.Equal(ranks < 2 ? 0 : ranks % 2 == 0 ? ranks - 1 : ranks, rounds.Count);
        });

    [Fact]
    public void The_same_holds_for_ranks_by_host_wherever_they_are() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6], Gen.Int[0, 1000]).Sample((hosts, each, seed) =>
        {
            int[] ranks = [.. Enumerable.Range(0, hosts * each)];
            new Random(seed).Shuffle(ranks);

            AssertComplete(PairSchedule.Of([.. ranks.Chunk(each)]), ranks.Length);
        });

    [Theory]
    [InlineData(2, 8)]
    [InlineData(4, 2)]
    [InlineData(6, 4)]
    public void A_round_of_even_hosts_is_within_them_or_as_much_between_each_two_that_meet(int hosts, int each)
    {
        IReadOnlyList<IReadOnlyList<(int One, int Other)>> rounds = PairSchedule.Of([.. Enumerable.Range(0, hosts * each).Chunk(each)]);

        Assert.Equal(hosts * each - 1, rounds.Count);
        Assert.All(rounds, round => Assert.Single(
            round.GroupBy(pair => (pair.One / each, pair.Other / each)).Select(group => (group.Key.Item1 == group.Key.Item2, group.Count())).Distinct()));
    }

    private static void AssertComplete(IReadOnlyList<IReadOnlyList<(int One, int Other)>> rounds, int ranks)
    {
        (int, int)[] pairs = [.. rounds.SelectMany(round => round)];
        Assert.Equal(ranks * (ranks - 1) / 2, pairs.Length);
        Assert.Equal(pairs.Length, pairs.Distinct().Count());
        Assert.All(pairs, pair => Assert.True(pair.Item1 >= 0 && pair.Item1 < pair.Item2 && pair.Item2 < ranks));
        Assert.All(rounds, round =>
        {
            int[] busy = [.. round.SelectMany(pair => new[] { pair.One, pair.Other })];
            Assert.Equal(busy.Length, busy.Distinct().Count());
        });
    }
}
