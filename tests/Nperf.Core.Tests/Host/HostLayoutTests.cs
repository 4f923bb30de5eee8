using Nperf.Core.Host;
using Nperf.Core.Tests.Algorithms;

namespace Nperf.Core.Tests.Host;

public sealed class HostLayoutTests
{
    [Theory]
    [InlineData("aabb", true, true, new[] { 0, 1, 2, 3 })]
    [InlineData("abab", true, false, new[] { 0, 2, 1, 3 })]
    [InlineData("aaab", false, true, new[] { 0, 1, 2, 3 })]
    [InlineData("abaa", false, false, new[] { 0, 2, 3, 1 })]
    [InlineData("cabbac", true, false, new[] { 0, 5, 1, 4, 2, 3 })]
    public void Hosts_come_by_their_lowest_ranks_and_ranks_ascend(string hosts, bool even, bool ordered, int[] inOrder)
    {
        HostLayout layout = HostsInMemory.LayoutOf(hosts);
        Assert.Equal((even, ordered), (layout.IsEven, layout.IsOrdered));
        Assert.Equal(inOrder, layout.InOrder);
        Assert.Equal(hosts.Distinct().Count(), layout.Hosts);
        Assert.All(inOrder, (rank, place) =>
        {
            Assert.Equal(place, layout.OrderOf(rank));
            Assert.Equal(rank, layout.RanksOf(layout.HostOf(rank))[layout.PlaceOf(rank)]);
            Assert.Equal(hosts[layout.RanksOf(layout.HostOf(rank))[0]], hosts[rank]);
        });
    }

    [Fact]
    public void A_column_has_the_last_rank_of_a_host_that_is_too_small()
    {
        HostLayout layout = HostsInMemory.LayoutOf("abbabc");
        Assert.Equal(3, layout.Places);
        Assert.Equal([0, 1, 5], layout.Column(0));
        Assert.Equal([3, 2, 5], layout.Column(1));
        Assert.Equal([3, 4, 5], layout.Column(2));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("aaaa")]
    [InlineData("abc")]
    public void Without_ranks_both_together_and_apart_there_is_none(string hosts) =>
        Assert.Null(HostLayout.Of(hosts.Select(host => $"{host}")));
}
