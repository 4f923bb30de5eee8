using Nperf.Launch;

namespace Nperf.Tests.Launch;

public class HostVoicesTests
{
    [Fact]
    public void The_same_error_of_several_hosts_is_said_once_with_their_names()
    {
        LaunchHost[] hosts = [.. Enumerable.Range(0, 12).Select(i => new LaunchHost($"me@node{i}", null))];
        var voices = new HostVoices(hosts);
        Assert.True(voices.HasNoError);
        voices.AddError(hosts[2], "another\u001b[31m one");
        foreach (LaunchHost host in hosts[1..11].Reverse()) voices.AddError(host, "no nperf");
        voices.AddError(hosts[3], "no nperf");
        Assert.Equal(
            [
                "nperf: error: node1, node2, node3, node4, node5, node6, node7, node8 and 2 more: no nperf",
                "nperf: error: node2: another?[31m one",
            ],
            voices.ErrorLines());
        Assert.True(voices.HasErrorOf(hosts[10]));
        Assert.False(voices.HasErrorOf(hosts[11]));
        Assert.True(voices.HasErrorWith("no n"));
    }
}
