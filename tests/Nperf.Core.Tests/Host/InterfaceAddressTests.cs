using System.Net;
using System.Net.Sockets;
using Nperf.Core.Host.Tcp;

namespace Nperf.Core.Tests.Host;

public sealed class InterfaceAddressTests
{
    private static readonly InterfaceAddress[] Machine =
    [
        new("lo", IPAddress.Parse("127.0.0.1")),
        new("eth0", IPAddress.Parse("fe80::1")),
        new("eth0", IPAddress.Parse("fd00::7")),
        new("eth0", IPAddress.Parse("192.168.3.7")),
        new("ib0", IPAddress.Parse("10.1.2.3")),
        new("ib1", IPAddress.Parse("169.254.8.8")),
    ];

    [Theory]
    [InlineData("10.1.2.3", 16, "10.1.99.1", true)]
    [InlineData("10.1.2.3", 24, "10.1.99.1", false)]
    [InlineData("10.1.2.3", 32, "10.1.2.3", true)]
    [InlineData("fd00::7", 64, "fd00::1", true)]
    [InlineData("fd00::7", 64, "10.1.2.3", false)]
    public void An_address_is_on_the_network_of_those_with_its_prefix(string own, int bits, string other, bool expected) =>
        Assert.Equal(
            expected,
            new InterfaceAddress("eth0", IPAddress.Parse(own)) { PrefixLength = bits }.SharesNetwork(IPAddress.Parse(other)));

    [Theory]
    [InlineData("ib0", AddressFamily.InterNetwork, "10.1.2.3")]
    [InlineData("eth0", AddressFamily.InterNetwork, "192.168.3.7")]
    [InlineData("eth0", AddressFamily.InterNetworkV6, "fd00::7")]
    [InlineData("10.0.0.0/8", AddressFamily.InterNetwork, "10.1.2.3")]
    [InlineData("10.1.2.99/24", AddressFamily.InterNetwork, "10.1.2.3")]
    [InlineData("192.168.3.7/32", AddressFamily.InterNetworkV6, "192.168.3.7")]
    [InlineData("fd00::/8", AddressFamily.InterNetwork, "fd00::7")]
    public void A_name_or_a_range_means_one_address(string choice, AddressFamily family, string address) =>
        Assert.Equal(IPAddress.Parse(address), InterfaceAddress.Choose(choice, Machine, family).Address);

    [Theory]
    [InlineData("eth9", "there is no such interface")]
    [InlineData("ib1", "that interface has no address to use")]
    [InlineData("172.16.0.0/12", "no address of this machine is in that range")]
    public void What_means_none_is_refused_with_a_list_of_what_there_is(string choice, string problem)
    {
        var refused = Assert.Throws<RunException>(
            () => InterfaceAddress.Choose(choice, Machine, AddressFamily.InterNetwork));
        Assert.Contains($"--interface {choice}: {problem}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("ib0 (10.1.2.3)", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0/x")]
    [InlineData("eth0/8")]
    public void What_is_no_range_is_refused(string choice)
    {
        var refused = Assert.Throws<RunException>(
            () => InterfaceAddress.Choose(choice, Machine, AddressFamily.InterNetwork));
        Assert.Contains("not a range of addresses", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void This_machine_has_its_loopback_address() =>
        Assert.Contains(InterfaceAddress.All(), one => one.Address.Equals(IPAddress.Loopback));
}
