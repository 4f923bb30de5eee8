using Nperf.Launch;

namespace Nperf.Tests.Launch;

public class HostVoicesTests
{
    [Fact]
    public void The_same_error_of_several_hosts_is_said_once_with_their_names()
    {
        var voices = new HostVoices();
        Assert.True(voices.HasNoError);
        for (int i = 1; i <= 10; i++) voices.AddError(new LaunchHost($"me@node{i}", null), "no nperf");
        voices.AddError(new LaunchHost("node3", null), "no nperf");
        voices.AddError(new LaunchHost("node2", null), "another\u001b[31m one");
        Assert.Equal(
            [
                "nperf: error: node1, node2, node3, node4, node5, node6, node7, node8 and 2 more: no nperf",
                "nperf: error: node2: another?[31m one",
            ],
            voices.ErrorLines());
        Assert.True(voices.HasErrorOf(new LaunchHost("node10", null)));
        Assert.False(voices.HasErrorOf(new LaunchHost("node11", null)));
    }
}
