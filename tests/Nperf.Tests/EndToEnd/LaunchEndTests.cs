using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

/// <summary>However a launch ends, no process of it stays on any host.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class LaunchEndTests
{
    /// <summary>Finishes a size every few milliseconds and never ends of itself.</summary>
    private const string Endless = "--backend host -b 1K -i 10 --cycles 0 --timeout 60";

    [Theory]
    [InlineData(RunningProcess.Interrupt, "interrupted")]
    [InlineData(RunningProcess.Terminate, "terminated")]
    public void A_signal_ends_it_everywhere_with_what_was_measured(int signal, string code)
    {
        using LaunchCluster cluster = new("bash", "bash", "bash");
        using RunningProcess launch = cluster.LaunchAsJob($"--hosts node[1-3] -- {Endless} --interval 0.1 -J -o", cluster.File("results.json"));
        launch.WaitForLine("^node1: progress: allreduce");
        int[] processes = [.. cluster.Processes(1), .. cluster.Processes(2), .. cluster.Processes(3)];

        // As a terminal does: to every process that has not left the group.
        RunningProcess.Signal(-launch.Id, signal);
        launch.ExpectExit(128 + signal);
        ChildProcesses.AssertGone(processes);
        JsonElement document = ResultsDocuments.Read(cluster.File("results.json"));
        Assert.NotEmpty(document.Sizes());
        Assert.Equal(code, document.GetProperty("error").GetProperty("code").GetString());
        Assert.Matches($"(?m)^nperf: error: {code} on node1 ", launch.Errors);
    }

    [Fact]
    public void A_client_that_is_killed_ends_the_run_by_its_hosts_name()
    {
        using LaunchCluster cluster = new("bash", "bash", "bash", "bash");
        using RunningProcess launch = cluster.Launch($"--hosts node[1-4] -- {Endless}");
        launch.WaitForLine(Table.Row1K);
        int[] client = cluster.Processes(3);
        int[] others = [.. cluster.Processes(1), .. cluster.Processes(2), .. cluster.Processes(4)];
        RunningProcess.Signal(client[1], RunningProcess.Kill);
        launch.ExpectExit(1);
        ChildProcesses.AssertGone([.. client, .. others]);
        Assert.Matches("(?m)^nperf: error: node3: nperf was ended by signal 9$", launch.Errors);
        Assert.Matches("(?m)^nperf: error: node1.*: rank [123] on node3 .*was lost", launch.Errors);
    }

    [Fact]
    public void A_launcher_that_is_killed_leaves_nothing_behind_not_even_what_is_stopped()
    {
        using LaunchCluster cluster = new("bash", "fish", "tcsh");
        using RunningProcess launch = cluster.Launch($"--hosts node[1-3] -- {Endless}");
        launch.WaitForLine(Table.Row1K);
        int[] processes = [.. cluster.Processes(1), .. cluster.Processes(2), .. cluster.Processes(3)];
        RunningProcess.Signal(processes[^1], RunningProcess.Stop);
        launch.Signal(RunningProcess.Kill);
        ChildProcesses.AssertGone(processes);
    }

    [Fact]
    public void A_launcher_that_the_network_no_longer_reaches_ends_what_it_started()
    {
        using LaunchCluster cluster = new("bash", "bash", "bash");
        using RunningProcess launch = cluster.Launch($"--hosts node[2-3] -- {Endless.Replace("--timeout 60", "--timeout 5", StringComparison.Ordinal)}");
        launch.WaitForLine(Table.Row1K);
        int[] processes = [.. cluster.Processes(2), .. cluster.Processes(3)];
        cluster.Unplug();
        ChildProcesses.AssertGone(processes);
    }

    [Fact]
    public void A_server_whose_tether_is_stopped_does_not_hold_the_launcher()
    {
        Requirements.LongTests();
        using LaunchCluster cluster = new("bash", "bash", "bash");
        using RunningProcess launch = cluster.Launch("--hosts node[2-3] -- --backend host -b 1K -t 3 --timeout 5 --interval 0.1");
        launch.WaitForLine("^node2: progress: allreduce");
        int[] server = cluster.Processes(2);
        RunningProcess.Signal(server[0], RunningProcess.Stop);
        launch.ExpectExit(1);
        Assert.Matches("(?m)^nperf: error: node2: did not end when the clients had, and says nothing", launch.Errors);
    }
}
