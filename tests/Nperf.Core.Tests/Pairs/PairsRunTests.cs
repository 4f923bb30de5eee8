using Nperf.Core.Benchmarking;
using Nperf.Core.Host;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;
using Nperf.Core.Tests.Benchmarking;

namespace Nperf.Core.Tests.Pairs;

/// <summary>Whole runs of pairs within one process.</summary>
public class PairsRunTests
{
    private static readonly RunOptions Pairs = new() { Pattern = RunPattern.Pairs, PairBytes = 30_000, Seconds = 0.001 };

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 3)]
    [InlineData(6, 5)]
    public void Each_direction_of_each_pair_is_measured_and_right(int ranks, int rounds)
    {
        PairsSection pairs = Run(Pairs, ranks, communicator => communicator).Pairs;

        Assert.Equal((30_000, 8, rounds, rounds), (pairs.Bytes, pairs.LatencyBytes, pairs.Rounds, pairs.RoundsDone));
        Assert.Equal(
            from one in Enumerable.Range(0, ranks) from other in Enumerable.Range(0, ranks) where one != other select (one, other),
            pairs.Links.Select(link => (link.From, link.To)));
        Assert.All(pairs.Links, link =>
        {
            Assert.Equal(("process", 0), (link.Class, link.Wrong));
            Assert.True(link.TimeUs > 0 && link.LatencyUs > 0);
            Assert.Equal(30_000 / link.TimeUs / 1e3, link.Bandwidth, 9);
        });
    }

    [Fact]
    public void What_arrives_wrong_at_a_rank_is_counted_for_its_links_alone()
    {
        PairsSection pairs = Run(Pairs, 3, communicator => new PlantedFault(communicator, Fault.SkippedWrite, faultyRank: 1)).Pairs;

        Assert.All(pairs.Links, link => Assert.Equal(link.To == 1, link.Wrong > 0));
    }

    [Fact]
    public void Nothing_is_checked_where_nobody_asks_for_it() =>
        Assert.All(Run(Pairs with { Verify = VerifyMode.None }, 2, one => one).Pairs.Links, link => Assert.Null(link.Wrong));

    [Fact]
    public void A_search_measures_groups_up_to_all_and_comes_to_an_end()
    {
        const int Ranks = 4;
        PatternFindings found = Run(Pairs with { Pattern = RunPattern.FindSlow, Iterations = 3, Seconds = 0 }, Ranks, one => one);

        Assert.NotEqual("unfinished", found.FindSlow!.Verdict);
        // A machine that is busy with other things can make all but one suspicious: then there is no group to begin with.
        if (found.FindSlow.Suspects.Count < Ranks - 1) Assert.NotEmpty(found.FindSlow.Steps);
    }

    [Fact]
    public void Progress_counts_each_transfer_with_its_own_size()
    {
        var progress = new RunProgress();
        Run(Pairs with { Iterations = 5, Seconds = 0, Verify = VerifyMode.None }, 2, one => one, progress);

        // A transfer to warm up and five that are timed: one way, the other way, and there and back.
        Assert.Equal((6 * 30_000) + (6 * 30_000) + (6 * 8), progress.BytesMoved);
    }

    private static PatternFindings Run(RunOptions options, int ranks, Func<Communicator, Communicator> change, RunProgress? progress = null)
    {
        using var abort = new AbortSignal();
        using Control control = Core.Rendezvous.Rendezvous.Local(
            options, new ProcessOptions { RanksPerProcess = ranks }, abort, new SilentObserver());
        Communicator[] communicators = [.. HostFabric.Connect(control, []).Select(change)];
        var benchmark = new BenchmarkRun(control, communicators, new SilentObserver(), progress ?? new RunProgress());
        benchmark.Run();
        foreach (Communicator communicator in communicators) communicator.Dispose();
        Assert.Empty(benchmark.Results);
        return benchmark.Findings!;
    }

    private sealed class SilentObserver : RunObserver;
}
