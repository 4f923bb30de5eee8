using System.Net;
using Nperf.Core.Host.Tcp;
using Nperf.Core.NcclBackend;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Tests.Host;
using Nperf.Core.Tests.Rendezvous;

namespace Nperf.Core.Tests.NcclBackend;

public sealed class NcclCommIdTests
{
    private static readonly BootstrapAddress Named = new("node1", 5200);

    private static readonly InterfaceAddress[] Machine =
    [
        new("lo", IPAddress.Loopback) { PrefixLength = 8 },
        new("eth0", IPAddress.Parse("10.0.1.7")) { PrefixLength = 24 },
        new("eth0", IPAddress.Parse("fd00:1::7")) { PrefixLength = 64 },
    ];

    [Theory]
    [InlineData("10.0.1.1", "10.0.1.1:5200")]
    [InlineData("fd00:1::1", "[fd00:1::1]:5200")]
    [InlineData("127.0.0.1", "127.0.0.1:5200")]
    public void It_is_the_address_at_which_rank_0_was_reached_for_those_on_its_network(string reached, string expected)
    {
        Assert.Equal(expected, Of(0, reached, Named));
        Assert.Equal(expected, Of(1, reached, Named));
    }

    [Theory]
    [InlineData("10.0.2.1")]
    [InlineData("fd00:2::1")]
    public void Those_on_other_networks_have_none_for_NCCL_would_give_up(string reached)
    {
        Assert.Null(Of(1, reached, Named));
        Assert.NotNull(Of(0, reached, Named));
    }

    [Theory]
    [InlineData("local")]
    [InlineData("fe80::1%2")]
    public void Where_no_client_tells_a_better_one_it_stays_as_the_user_has_it(string reached) =>
        Assert.Equal("node1:5200", Of(0, reached, Named));

    [Fact]
    public void It_is_no_business_of_other_modes() => Assert.Equal("node1:5200", Of(1, "10.0.1.1", named: null));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Groups_cannot_share_it(bool isBootstrap)
    {
        Split split = new(SplitKind.Mod, 2);
        Assert.Null(Of(0, "10.0.1.1", isBootstrap ? Named : null, split));
        Assert.Null(Of(1, "10.0.1.1", isBootstrap ? Named : null, split));
    }

    private static string? Of(int index, string reached, BootstrapAddress? named, Split? split = null)
    {
        using TestHub hub = new(new World([Process(0, reached), Process(1, "10.0.1.7")]), new RunOptions { Split = split });
        using TestControl control = new(hub, index, localAddress: null);
        return NcclCommId.Of(control, named, "node1:5200", Machine);
    }

    private static ProcessInfo Process(int index, string address) =>
        PlannedProcess.Of(index, $"node{index + 1}") with { Address = address };
}
