using Nperf.Core.Benchmarking;
using Nperf.Core.Results;
using Nperf.Testing;

namespace Nperf.Core.Tests.Benchmarking;

public sealed class FinishedSizesTests
{
    private const int Many = 25_000;

    [Fact]
    public void A_run_with_an_end_keeps_all_in_order()
    {
        var sizes = new FinishedSizes(isEndless: false, worldSize: 2);
        for (int i = 0; i < Many; i++) sizes.Add(Size(i));
        Assert.Equal(Enumerable.Range(0, Many), sizes.ToArray().Select(size => size.Cycle));
        Assert.Equal(0, sizes.LeftOut);
    }

    [Theory]
    [InlineData(2, 10_000)]
    [InlineData(1000, 200)]
    [InlineData(100_000, 100)]
    public void A_run_without_end_keeps_the_newest_fewer_the_more_ranks_there_are(int ranks, int kept)
    {
        var sizes = new FinishedSizes(isEndless: true, ranks);
        for (int i = 0; i < Many; i++) sizes.Add(Size(i));
        Assert.Equal(Enumerable.Range(Many - kept, kept), sizes.ToArray().Select(size => size.Cycle));
        Assert.Equal(Many - kept, sizes.LeftOut);
    }

    [Fact]
    public void The_first_wrong_size_is_never_forgotten()
    {
        var sizes = new FinishedSizes(isEndless: true, worldSize: 2);
        for (int i = 0; i < Many; i++) sizes.Add(Size(i) with { Wrong = i is 7 or 8 ? 1 : 0 });
        Assert.Equal(7, sizes.ToArray()[0].Cycle);
        Assert.Equal(10_001, sizes.ToArray().Count);
        Assert.Equal(Many, sizes.LeftOut + sizes.ToArray().Count);
    }

    private static SizeResult Size(int cycle) => SampleRun.Size() with { Cycle = cycle };
}
