using Nperf.Arguments;
using Nperf.Core.Options;

namespace Nperf.Tests.Arguments;

public class BootstrapArgumentsTests
{
    private const string Place = "--nccl-bootstrap --rank 1 --world-size 3";

    [Theory]
    [InlineData("node1:5200", "", "node1", 5200, 5201)]
    [InlineData("192.0.2.7:5200", "-p 6000", "192.0.2.7", 5200, 6000)]
    [InlineData("[2001:db8::7]:65534", "", "2001:db8::7", 65534, 65535)]
    [InlineData("node1:65535", "-p 65534", "node1", 65535, 65534)]
    public void NCCL_has_the_address_and_nperf_the_next_port_or_that_of_p(
        string variable, string more, string host, int port, int controlPort)
    {
        ProcessOptions process = Good($"{Place} {more}", variable).Process;

        Assert.Equal((Mode.Client, new AssignedPlace(1, 3)), (process.Mode, process.Assigned));
        Assert.Equal(new BootstrapAddress(host, port), process.Bootstrap);
        Assert.Equal((host, controlPort), (process.ServerHost, process.Port));
        Assert.Equal("nccl-bootstrap", process.ModeName);
    }

    [Fact]
    public void Rank_0_is_the_server_and_writes_what_all_are_told_to_write()
    {
        const string All = "--nccl-bootstrap --world-size 2 -g 4 -J -o out.json --rank";
        ParsedCommand first = Good($"{All} 0", "node1:5200");
        ParsedCommand second = Good($"{All} 1", "node1:5200");

        Assert.Equal((Mode.Server, Mode.Client), (first.Process.Mode, second.Process.Mode));
        Assert.Equal((4, 4), (first.Process.RanksPerProcess, second.Process.RanksPerProcess));
        Assert.Equal((OutputFormat.Json, "out.json"), (first.Console.Format, first.Console.Output));
        Assert.Equal((OutputFormat.Table, null), (second.Console.Format, second.Console.Output));
        Assert.Equal((false, true), (first.Process.LeavesOutputToServer, second.Process.LeavesOutputToServer));
    }

    [Fact]
    public void All_ranks_may_be_told_how_to_show_a_topology() =>
        Assert.Empty(Errors($"{Place} --topology --topo-format dot -o out.dot", "node1:5200"));

    [Theory]
    [InlineData(null, "--nccl-bootstrap: needs NCCL_COMM_ID in the environment: host:port of rank 0")]
    [InlineData("", "--nccl-bootstrap: needs NCCL_COMM_ID in the environment: host:port of rank 0")]
    [InlineData("node1", "--nccl-bootstrap: NCCL_COMM_ID 'node1' has no port; host:port of rank 0")]
    [InlineData("2001:db8::7", "--nccl-bootstrap: NCCL_COMM_ID '2001:db8::7' has no port; host:port of rank 0")]
    [InlineData("node1:0", "--nccl-bootstrap: NCCL_COMM_ID 'node1:0' has no port: '0' is not 1 to 65535")]
    [InlineData("node1:65536", "--nccl-bootstrap: NCCL_COMM_ID 'node1:65536' has no port: '65536' is not 1 to 65535")]
    [InlineData("node1:", "--nccl-bootstrap: NCCL_COMM_ID 'node1:' has no port: '' is not 1 to 65535")]
    [InlineData(":5200", "--nccl-bootstrap: NCCL_COMM_ID ':5200' is no host")]
    [InlineData("node1:5200,node2:5200", "--nccl-bootstrap: NCCL_COMM_ID 'node1:5200,node2:5200' is no host")]
    [InlineData("node1:65535", "--nccl-bootstrap: NCCL_COMM_ID 'node1:65535' leaves no port behind it for nperf's control connections; name one with -p")]
    public void An_address_that_is_none_is_refused(string? variable, string start) =>
        Assert.StartsWith(start, Assert.Single(Errors(Place, variable)), StringComparison.Ordinal);

    [Theory]
    [InlineData("--nccl-bootstrap", "--nccl-bootstrap: needs --rank N and --world-size N")]
    [InlineData("--nccl-bootstrap --rank 0", "--nccl-bootstrap: needs --world-size N")]
    [InlineData("--nccl-bootstrap --world-size 2", "--nccl-bootstrap: needs --rank N")]
    [InlineData("--nccl-bootstrap --rank 3 --world-size 3", "--rank: '3' is none of 3; ranks go from 0 to 2 (--world-size)")]
    [InlineData("--nccl-bootstrap --rank -1 --world-size 3", "--rank: '-1' is not a whole number from 0 to 65535")]
    [InlineData("--nccl-bootstrap --rank 0 --world-size 0", "--world-size: '0' is not a whole number from 1 to 65536")]
    [InlineData("--nccl-bootstrap --rank one --world-size 3", "--rank: 'one' is not a whole number")]
    [InlineData(Place + " -p 5200", "-p: 5200 is NCCL's own (NCCL_COMM_ID); name another")]
    [InlineData(Place + " -p 0", "-p: '0' is not a whole number from 1 to 65535")]
    [InlineData(Place + " -n 3", "-n: belongs to other modes; --world-size says how many processes there are")]
    [InlineData(Place + " -s", "--nccl-bootstrap: cannot be combined with -s (--server)")]
    [InlineData(Place + " -c node1", "--nccl-bootstrap: cannot be combined with -c (--client)")]
    [InlineData(Place + " --transport memory", "--transport: 'memory' is that of one process")]
    [InlineData("--rank 0", "--rank: belongs to --nccl-bootstrap")]
    [InlineData("-s --world-size 2", "--world-size: belongs to --nccl-bootstrap")]
    public void A_place_that_is_none_is_refused(string line, string start) =>
        Assert.StartsWith(start, Assert.Single(Errors(line, "node1:5200")), StringComparison.Ordinal);

    private static ParsedCommand Good(string line, string? variable)
    {
        ParsedCommand parsed = Parse(line, variable);
        Assert.Empty(parsed.Errors);
        return parsed;
    }

    private static IReadOnlyList<string> Errors(string line, string? variable) => Parse(line, variable).Errors;

    private static ParsedCommand Parse(string line, string? variable) => CommandLine.Parse(
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries), variable is null ? null : new Dictionary<string, string> { ["NCCL_COMM_ID"] = variable });
}
