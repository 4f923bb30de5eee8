using Nperf.Launch;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Launch;

public sealed class HostListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HostList _list = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_list_and_a_file_make_one_list_of_hosts()
    {
        Assert.Null(_list.AddList("node1, me@node[3-4]"));
        Assert.Null(AddFile("# our hosts", "", "node5:8   # the big one", "node[6-7]:2", "  node8 slots=4", "::7 slots=2", "node9"));
        Assert.Equal(
            ["node1", "me@node3", "me@node4", "node5:8", "node6:2", "node7:2", "node8:4", "::7:2", "node9"],
            _list.Hosts.Select(host => host.Target + (host.Ranks is { } ranks ? $":{ranks}" : "")));
        Assert.Equal("node3", _list.Hosts[1].Name);
    }

    [Theory]
    [InlineData("node1,,node2", "has an empty name in it")]
    [InlineData("", "has an empty name in it")]
    [InlineData("node1,node[2", "has 'node[2', which has [ without ]")]
    [InlineData("node1,node[1-3]", "has 'node[1-3]', which names node1 a second time; each host once")]
    [InlineData("node1,me@NODE1", "has 'me@NODE1', which names NODE1 a second time")]
    [InlineData("a[1-4000],b[1-4000]", "has 'b[1-4000]', which names more than 4096 hosts")]
    public void A_mistake_in_a_list_is_said_by_name(string list, string start) =>
        Assert.StartsWith(start, _list.AddList(list), StringComparison.Ordinal);

    [Theory]
    [InlineData("node1:x", "line 2: 'node1:x' has 'x' ranks, which is not a whole number from 1 to 1024")]
    [InlineData("node1:0", "line 2: 'node1:0' has '0' ranks")]
    [InlineData("node1 slots=x", "line 2: 'node1 slots=x' has 'x' ranks")]
    [InlineData("node1 max_slots=2", "line 2: 'node1 max_slots=2' has more than a host in it; host, host:N or host slots=N")]
    [InlineData("node1:2 slots=2", "line 2: 'node1:2 slots=2' has more than a host in it")]
    [InlineData("node[1", "line 2: 'node[1' has [ without ]")]
    [InlineData("node0", "line 2: 'node0' names node0 a second time")]
    public void A_mistake_in_a_file_is_said_with_its_line(string line, string start) =>
        Assert.StartsWith(start, AddFile("node0", line), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_says_nothing_is_a_mistake()
    {
        Assert.Equal("names no host", AddFile("# none", ""));
        Assert.Equal("cannot be read: there is no such file", new HostList().AddFile(_folder.File("missing")));
        Assert.StartsWith("cannot be read: ", new HostList().AddFile(_folder.Path), StringComparison.Ordinal);
        Assert.Equal("is too large to be a list of hosts", new HostList().AddFile("/dev/zero"));
    }

    private string? AddFile(params string[] lines)
    {
        File.WriteAllLines(_folder.File("hosts"), lines);
        return _list.AddFile(_folder.File("hosts"));
    }
}
