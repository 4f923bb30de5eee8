using Nperf.Core.Benchmarking;
using Nperf.Core.Results;
using Nperf.Testing;

namespace Nperf.Core.Tests.Benchmarking;

public sealed class SizeSummaryTests
{
    [Fact]
    public void Others_are_told_of_every_rank_where_there_are_few()
    {
        SizeResult result = Result(SizeSummary.MostRanksTold);

        Assert.Same(result, SizeSummary.ForOthers(result));
    }

    [Fact]
    public void Of_many_ranks_others_are_told_of_the_slowest_the_largest_and_the_first_wrong_ones()
    {
        SizeResult result = Result(3000) with { SlowestRank = 2999 };
        RankResult[] ranks = [.. result.Ranks];
        ranks[1555] = ranks[1555] with { PeakMemoryBytes = 1 << 30 };
        for (int rank = 0; rank < 3000; rank += 100) ranks[rank] = ranks[rank] with { Wrong = 7 };

        SizeResult told = SizeSummary.ForOthers(result with { Ranks = ranks, Wrong = 210 });

        Assert.Equal([.. Enumerable.Range(0, 16).Select(i => 100 * i), 1555, 2999], told.Ranks.Select(rank => rank.Rank));
        Assert.Equal((210, 2999), (told.Wrong, told.SlowestRank));
    }

    private static SizeResult Result(int ranks) => SampleRun.Size() with
    {
        Ranks =
        [
            .. Enumerable.Range(0, ranks).Select(rank => new RankResult
            {
                Rank = rank, TimeUs = SampleRun.Times(1), Wrong = 0, PeakMemoryBytes = 1 << 20,
            }),
        ],
    };
}
