namespace Nperf.Tests.EndToEnd;

/// <summary>The start-up scripts, against real ssh daemons on hosts of their own.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class ExamplesTests
{
    [Fact]
    public void The_ssh_loop_runs_four_hosts() => RunScript("run_benchmark.sh", clients: "node2 node3 node4");

    [Fact]
    public void The_pdsh_script_runs_four_hosts()
    {
        Requirements.Program("pdsh", "pdsh");
        RunScript("pdsh.sh", clients: "node[2-4]");
    }

    [Fact]
    public void The_ssh_loop_ends_with_the_servers_exit_code()
    {
        using NamespaceHosts hosts = new(2);
        using SshDaemons daemons = new(hosts, 2);
        using RunningProcess script = Start(hosts, daemons, "run_benchmark.sh", "node2", "--op", "nonsense", "--timeout", "2");
        script.ExpectExit(2);
        Assert.Contains("nonsense", script.Errors, StringComparison.Ordinal);
    }

    private static void RunScript(string script, string clients)
    {
        using NamespaceHosts hosts = new(4);
        using SshDaemons daemons = new(hosts, 4);
        using RunningProcess run = Start(hosts, daemons, script, clients, "--op", "allreduce", "-b", "1M", "-J");
        run.ExpectSuccess();
        System.Text.Json.JsonElement document = ResultsDocuments.Parse(run.Output);
        document.AssertCorrect();
        Assert.Equal(4, document.Ranks());
    }

    private static RunningProcess Start(
        NamespaceHosts hosts, SshDaemons daemons, string script, string clients, params string[] options) =>
        hosts.Start(1, Path.Combine(NperfBinary.Root, "examples", script), options, new Dictionary<string, string?>
        {
            ["CLIENTS"] = clients,
            ["SSH"] = daemons.Command,
            ["NPERF"] = NperfBinary.Path,
        });
}
