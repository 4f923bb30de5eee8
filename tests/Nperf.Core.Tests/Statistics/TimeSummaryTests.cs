using CsCheck;
using Nperf.Core.Results;
using Nperf.Core.Statistics;

namespace Nperf.Core.Tests.Statistics;

public class TimeSummaryTests
{
    [Fact]
    public void A_hundred_samples()
    {
        double[] samples = Enumerable.Range(1, 100).Select(i => (double)i).Reverse().ToArray();
        TimeStatistics summary = TimeSummary.Of(average: 42, samples);
        Assert.Equal(42, summary.Avg);
        Assert.Equal((1, 100), (summary.Min, summary.Max));
        Assert.Equal((50, 95, 99), (summary.P50, summary.P95, summary.P99));
        Assert.Equal(100, summary.Samples);
        Assert.Equal(29.011, summary.Stddev, 3);
    }

    [Theory]
    [InlineData(1, 99, 1)]
    [InlineData(2, 50, 1)]
    [InlineData(2, 51, 2)]
    [InlineData(20, 99, 20)]
    [InlineData(20, 95, 19)]
    [InlineData(100, 99, 99)]
    [InlineData(101, 99, 100)]
    public void Percentiles_are_nearest_rank(int samples, double percent, double expected) =>
        Assert.Equal(expected, TimeSummary.Percentile(
            Enumerable.Range(1, samples).Select(i => (double)i).ToArray(), percent));

    [Fact]
    public void No_sample_leaves_the_headline_everywhere()
    {
        TimeStatistics summary = TimeSummary.Of(7, []);
        Assert.Equal((7, 7, 7, 0, 7), (summary.Min, summary.Max, summary.P99, summary.Stddev, summary.P50));
    }

    [Fact]
    public void Figures_are_finite_and_in_order() =>
        Gen.Double[0, 1e9].Array[1, 300].Sample(samples =>
        {
            TimeStatistics summary = TimeSummary.Of(samples.Average(), samples.ToArray());
            Assert.True(summary.Min <= summary.P50 && summary.P50 <= summary.P95);
            Assert.True(summary.P95 <= summary.P99 && summary.P99 <= summary.Max);
            Assert.True(double.IsFinite(summary.Stddev) && summary.Stddev >= 0);
        });
}
