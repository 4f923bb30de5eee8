using Nperf.Launch;

namespace Nperf.Tests.Launch;

public class HostPatternTests
{
    [Theory]
    [InlineData("node1", "node1")]
    [InlineData("node[3-5]", "node3 node4 node5")]
    [InlineData("node[01-03,10]", "node01 node02 node03 node10")]
    [InlineData("node[9-11]", "node9 node10 node11")]
    [InlineData("node[08-10]x", "node08x node09x node10x")]
    [InlineData("rack[1-2]n[1-2]", "rack1n1 rack1n2 rack2n1 rack2n2")]
    [InlineData("me@node[1-2].example.com", "me@node1.example.com me@node2.example.com")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData("root@fe80::1%eth0", "root@fe80::1%eth0")]
    [InlineData("gpu_a", "gpu_a")]
    public void It_stands_for_its_hosts_in_order(string pattern, string hosts)
    {
        Assert.Null(HostPattern.Expand(pattern, out IReadOnlyList<string> targets));
        Assert.Equal(hosts.Split(' '), targets);
    }

    [Theory]
    [InlineData("node[1-2", "has [ without ]")]
    [InlineData("node1-2]", "has ] without [")]
    [InlineData("node]1[", "has ] without [")]
    [InlineData("node[1-2]]", "has ] without [")]
    [InlineData("node[]", "has '' in brackets, which is no range of numbers such as 3-8")]
    [InlineData("node[a-c]", "has 'a-c' in brackets, which is no range")]
    [InlineData("node[1-]", "has '1-' in brackets")]
    [InlineData("node[1-2-3]", "has '1-2-3' in brackets")]
    [InlineData("node[[1-2]]", "has '[1-2' in brackets")]
    [InlineData("node[8-3]", "has '8-3' in brackets, which runs backwards")]
    [InlineData("node[1-4097]", "names more than 4096 hosts")]
    [InlineData("node[0-999999999]", "names more than 4096 hosts")]
    [InlineData("a[1-100]b[1-100]", "names more than 4096 hosts")]
    [InlineData("node[1-9999999999]", "has '1-9999999999' in brackets")]
    [InlineData("[::1]", "has an IPv6 address in brackets; it stands without")]
    [InlineData("node1:2222", "has a number behind a colon: ranks of a host go into --hostfile, ssh's port into --ssh 'ssh -p PORT'")]
    [InlineData("-oProxyCommand=x", "is no host: '-oProxyCommand=x' is neither a name nor an address")]
    [InlineData("me@-x", "is no host: '-x'")]
    [InlineData("-l@node1", "has '-l' before @, which is no user")]
    [InlineData("@node1", "has '' before @, which is no user")]
    [InlineData("me@", "has no host behind @")]
    [InlineData("node 1", "is no host: 'node 1'")]
    [InlineData("node;reboot", "is no host: 'node;reboot'")]
    [InlineData("ssh://node1:22", "is no host: 'ssh://node1:22'")]
    public void A_mistake_is_said(string pattern, string start) =>
        Assert.StartsWith(start, HostPattern.Expand(pattern, out _), StringComparison.Ordinal);

    [Fact]
    public void A_list_is_divided_at_the_commas_that_stand_in_no_brackets() =>
        Assert.Equal(["node1", "node[3-8,10]", "a[1,2]b[3,4]", ""], HostPattern.Divide("node1,node[3-8,10],a[1,2]b[3,4],"));
}
