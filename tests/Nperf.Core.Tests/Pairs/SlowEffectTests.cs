using Nperf.Core.Pairs;

namespace Nperf.Core.Tests.Pairs;

/// <summary>
/// Speeds of ranks that differ from link to link, with what is planted among them: by 5 % (a standard deviation), and by 1 or 2 % where
/// there are so few that they tell less.
/// </summary>
public class SlowEffectTests
{
    public static TheoryData<int> Worlds => [3, 4, 5, 8, 16, 32];

    [Fact]
    public void Nobody_is_named_in_a_thousand_clean_draws()
    {
        var random = new Random(20_260_101);
        for (int draw = 0; draw < 1000; draw++)
            Assert.Empty(SlowEffect.Find(Speeds(3 + draw % 14, random)));
    }

    [Theory]
    [MemberData(nameof(Worlds))]
    public void A_slow_sender_is_named_and_nobody_else(int ranks) => EachTime(ranks, (speeds, rank) =>
    {
        for (int to = 0; to < ranks; to++) speeds[rank, to] *= 0.5;
        SlowEffect found = Assert.Single(SlowEffect.Find(speeds));
        Assert.Equal((rank, null), (found.Sender, found.Receiver));
        Assert.InRange(found.Ratio, 0.4, 0.6);
    });

    [Theory]
    [MemberData(nameof(Worlds))]
    public void A_slow_receiver_is_named_and_nobody_else(int ranks) => EachTime(ranks, (speeds, rank) =>
    {
        for (int from = 0; from < ranks; from++) speeds[from, rank] *= 0.5;
        SlowEffect found = Assert.Single(SlowEffect.Find(speeds));
        Assert.Equal((null, rank), (found.Sender, found.Receiver));
    });

    [Theory]
    [MemberData(nameof(Worlds))]
    public void A_rank_that_is_slow_both_ways_is_named_for_both(int ranks) => EachTime(ranks, (speeds, rank) =>
    {
        for (int peer = 0; peer < ranks; peer++)
        {
            speeds[peer, rank] *= 0.5;
            speeds[rank, peer] *= 0.5;
        }

        IReadOnlyList<SlowEffect> found = SlowEffect.Find(speeds);
        Assert.Equal(2, found.Count);
        Assert.Equal([rank, rank], found.Select(one => one.Sender ?? one.Receiver));
    });

    [Fact]
    public void A_slow_direction_of_one_pair_is_named_as_such() => EachTime(8, (speeds, rank) =>
    {
        int to = (rank + 3) % 8;
        speeds[rank, to] *= 0.3;
        SlowEffect found = Assert.Single(SlowEffect.Find(speeds));
        Assert.Equal((rank, to), (found.Sender, found.Receiver));
    });

    [Fact]
    public void Two_ranks_of_eight_may_be_slow_at_once() => EachTime(8, (speeds, rank) =>
    {
        int second = (rank + 1) % 8;
        for (int to = 0; to < 8; to++)
        {
            speeds[rank, to] *= 0.5;
            speeds[second, to] *= 0.6;
        }

        Assert.Equal(new[] { rank, second }.Order(), SlowEffect.Find(speeds).Select(one => one.Sender!.Value).Order());
    });

    [Fact]
    public void Ranks_of_hosts_that_only_meet_within_them_are_compared_with_those_of_the_others()
    {
        double[,] speeds = Speeds(12, new Random(7));
        for (int from = 0; from < 12; from++)
            for (int to = 0; to < 12; to++)
                speeds[from, to] = from / 4 != to / 4 ? double.NaN : from / 4 == 2 ? speeds[from, to] / 2 : speeds[from, to];

        Assert.Equal([8, 9, 10, 11], SlowEffect.Find(speeds).Select(one => one.Sender ?? one.Receiver).Distinct().Order().Cast<int>());
    }

    [Fact]
    public void Two_ranks_cannot_be_told_apart()
    {
        double[,] speeds = Speeds(2, new Random(1));
        speeds[0, 1] /= 10;

        Assert.Empty(SlowEffect.Find(speeds));
    }

    private static void EachTime(int ranks, Action<double[,], int> check)
    {
        var random = new Random(ranks);
        for (int draw = 0; draw < 100; draw++) check(Speeds(ranks, random), draw % ranks);
    }

    private static double[,] Speeds(int ranks, Random random)
    {
        double[,] speeds = new double[ranks, ranks];
        for (int from = 0; from < ranks; from++)
            for (int to = 0; to < ranks; to++)
                speeds[from, to] = from == to ? double.NaN : 12.5 * Math.Exp((ranks switch { 3 => 0.01, < 6 => 0.02, _ => 0.05 }) * Normal(random));
        return speeds;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
