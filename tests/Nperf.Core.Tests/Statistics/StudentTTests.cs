using Nperf.Core.Statistics;

namespace Nperf.Core.Tests.Statistics;

public class StudentTTests
{
    // Values of the tables in textbooks.
    [Theory]
    [InlineData(0.05, 1, 12.706)]
    [InlineData(0.05, 2, 4.303)]
    [InlineData(0.05, 3, 3.182)]
    [InlineData(0.01, 4, 4.604)]
    [InlineData(0.01, 5, 4.032)]
    [InlineData(0.05, 10, 2.228)]
    [InlineData(0.01, 30, 2.750)]
    [InlineData(0.05, StudentT.Many, 1.962)]
    [InlineData(0.05, int.MaxValue, 1.962)]
    public void Quantiles_are_those_of_the_tables(double alpha, int freedom, double expected) =>
        Assert.Equal(expected, StudentT.TwoSided(alpha, freedom), 3);

    [Fact]
    public void Blocks_are_averages_in_the_order_of_time_over_all_ranks()
    {
        Assert.Equal([2, 3], TimeBlocks.Of([[1, 2], [3, 4]]));
        IReadOnlyList<double> blocks = TimeBlocks.Of([[.. Enumerable.Range(0, 1000).Select(i => (double)i)]]);
        Assert.Equal(TimeBlocks.Most, blocks.Count);
        Assert.Equal(blocks.Order(), blocks);
        Assert.Equal(499.5, blocks.Average(), 0.5);
        Assert.Empty(TimeBlocks.Of([[], [1]]));
    }
}
