using Nperf.Core.Comparison;
using Nperf.Core.Results;

namespace Nperf.Core.Tests.Comparison;

public class RunComparisonTests
{
    private const double FivePercent = 0.05;

    [Theory]
    [InlineData(1, 0.003, 100)]
    [InlineData(3, 0.005, 40)]
    [InlineData(5, 0.01, 40)]
    [InlineData(10, 0.02, 20)]
    public void Equal_builds_are_called_equal_and_five_per_cent_is_called_slower(int runsASide, double betweenRuns, int trials)
    {
        var runs = new Runs(seed: 7);
        int equal = 0, slower = 0;
        for (int i = 0; i < trials; i++)
        {
            ResultsDocument[] before = Side(0), same = Side(0), changed = Side(FivePercent);
            RunComparison clean = RunComparison.Of(before, same);
            if (clean.Sizes.Select(size => size.Difference).Append(clean.Overall).All(one => one.Verdict == Verdict.Equal)) equal++;
            if (RunComparison.Of(before, changed).IsWorse(0)) slower++;
        }

        Assert.InRange(equal, 0.95 * trials, trials);
        Assert.InRange(slower, 0.95 * trials, trials);

        ResultsDocument[] Side(double delay) => [.. Enumerable.Range(0, runsASide).Select(_ => runs.Next(betweenRuns, delay))];
    }

    [Fact]
    public void One_run_a_side_does_not_tell_a_difference_that_processes_have_by_themselves()
    {
        var runs = new Runs(seed: 3);
        int called = Enumerable.Range(0, 100).Count(_ => RunComparison.Of([runs.Next(0.01)], [runs.Next(0.01)]).Overall.Verdict != Verdict.Equal);

        Assert.InRange(called, 0, 5);
        Assert.False(RunComparison.Of([runs.Next(0.01)], [runs.Next(0.01)]).NoiseIsKnown);
    }

    [Fact]
    public void Runs_that_differ_much_among_themselves_tell_nothing_of_a_small_difference()
    {
        ResultsDocument[] before = [Of(100), Of(200), Of(300)], after = [Of(110), Of(220), Of(330)];

        Assert.Equal(Verdict.Equal, RunComparison.Of(before, after).Overall.Verdict);
    }

    [Fact]
    public void One_size_that_is_slower_is_called()
    {
        ResultsDocument Run(double large) => Runs.Of((1024, Times(10)), (2048, Times(20)), (1 << 20, Times(large)));
        RunComparison comparison = RunComparison.Of([Run(100), Run(100.1), Run(100.2)], [Run(130), Run(130.1), Run(130.2)]);

        Assert.Equal([Verdict.Equal, Verdict.Equal, Verdict.Slower], comparison.Sizes.Select(size => size.Difference.Verdict));
        Assert.Equal(1.3, comparison.Sizes[2].Difference.Ratio, 2);
        Assert.True(comparison.IsWorse(0.2));
        Assert.False(comparison.IsWorse(0.35));
    }

    [Fact]
    public void Faster_is_not_worse()
    {
        RunComparison comparison = RunComparison.Of([Of(100)], [Of(50)]);

        Assert.Equal(Verdict.Faster, comparison.Overall.Verdict);
        Assert.False(comparison.IsWorse(0));
    }

    [Fact]
    public void Only_what_all_measured_is_compared()
    {
        RunComparison comparison = RunComparison.Of(
            [Runs.Of((1024, Times(1)), (2048, Times(2)))], [Runs.Of((2048, Times(2)), (4096, Times(4)))]);

        Assert.Equal([2048], comparison.Sizes.Select(size => size.Key.Bytes));
        Assert.Throws<RunException>(() => RunComparison.Of([Runs.Of((1, Times(1)))], [Runs.Of((2, Times(1)))]));
    }

    [Fact]
    public void The_same_documents_always_compare_in_the_same_way()
    {
        ResultsDocument before = new Runs(1).Next(0.01), after = new Runs(2).Next(0.01);

        Assert.Equal(RunComparison.Of([before], [after]).Overall, RunComparison.Of([before], [after]).Overall);
    }

    private static ResultsDocument Of(double time) => Runs.Of((1024, Times(time)));

    private static double[] Times(double time) => [.. Enumerable.Range(0, 100).Select(i => time * (1 + (i % 5 * 0.001)))];
}
