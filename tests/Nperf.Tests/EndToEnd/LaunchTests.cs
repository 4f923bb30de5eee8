using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

/// <summary><c>nperf launch</c>, against real ssh daemons on hosts of their own.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class LaunchTests
{
    private const string Tiny = "--backend host -b 1K -B 4K -i 2 -w 1 --timeout 60";

    [Fact]
    public void Four_hosts_with_four_login_shells_make_one_run_and_standard_output_is_the_document_alone()
    {
        using LaunchCluster cluster = new("tcsh", "fish", "zsh", "ash");
        using RunningProcess launch = cluster.Launch($"--hosts node1,root@node[2-4] --jobs 2 -- {Tiny} -J");
        launch.ExpectSuccess();
        JsonElement document = ResultsDocuments.Parse(launch.Output);
        document.AssertCorrect();
        Assert.Equal("node1", Hosts(document)[0]);
        Assert.Equal(["node1", "node2", "node3", "node4"], Hosts(document).Order(StringComparer.Ordinal));
        Assert.Matches("(?m)^node1: listening on ", launch.Errors);
        Assert.DoesNotMatch("(?m)^node[234]: ", launch.Errors);
        Assert.DoesNotContain("nperf: error", launch.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_is_copied_where_it_is_missing_or_another_one()
    {
        using LaunchCluster cluster = new("bash", "dash", "bash");
        const string Options = "--hosts node[1-3] --remote-path ~/bin/nperf";
        foreach (int host in new[] { 2, 3 }) Directory.CreateDirectory(Path.Combine(cluster.Home(host), "bin"));
        File.WriteAllText(Path.Combine(cluster.Home(2), "bin/nperf"), "#!/bin/sh\necho nperf 0.0.1\n");
        File.Copy(NperfBinary.NativePath(), Path.Combine(cluster.Home(3), "bin/nperf"));

        using RunningProcess without = cluster.Launch($"{Options} -- {Tiny}");
        without.ExpectExit(1);
        Assert.Matches("(?m)^nperf: error: node1: has no nperf .*add --copy", without.Errors);
        Assert.Matches("(?m)^nperf: error: node2: has another nperf: .*bin/nperf .*SHA-256 [0-9a-f]{12}.*add --copy", without.Errors);
        Assert.DoesNotContain("node3", without.Errors, StringComparison.Ordinal);
        Assert.Empty(without.Output);

        using RunningProcess with = cluster.Launch($"{Options} --copy -- {Tiny} -J -o", cluster.File("results.json"));
        with.ExpectSuccess();
        Assert.Empty(with.Output);
        Assert.Equal(3, ResultsDocuments.Read(cluster.File("results.json")).Ranks());
        Assert.Matches("(?m)^node1: copied nperf to .*/bin/nperf$", with.Errors);
        Assert.Matches("(?m)^node2: copied nperf to .*/bin/nperf$", with.Errors);
        Assert.DoesNotContain("node3: copied", with.Errors, StringComparison.Ordinal);
        Assert.All([1, 2], host => Assert.Equal("nperf", Assert.Single(Directory.GetFiles(Path.Combine(cluster.Home(host), "bin")).Select(Path.GetFileName))));
    }

    [Fact]
    public void A_copy_that_nobody_named_a_place_for_is_found_again()
    {
        using LaunchCluster cluster = new("bash", "bash");
        using RunningProcess missing = cluster.LaunchFromElsewhere($"--hosts node[1-2] -- {Tiny}");
        missing.ExpectExit(1);
        Assert.Matches(@"(?m)^nperf: error: node1, node2: has no nperf \(nperf, /mnt/nperf, ~/.cache/nperf/nperf-[0-9a-f]{16}\): add --copy", missing.Errors);
        using RunningProcess copying = cluster.LaunchFromElsewhere($"--hosts node[1-2] --copy -- {Tiny}");
        copying.ExpectSuccess();
        using RunningProcess again = cluster.LaunchFromElsewhere($"--hosts node[1-2] -- {Tiny} -J");
        again.ExpectSuccess();
        Assert.Equal(2, ResultsDocuments.Parse(again.Output).Ranks());
    }

    [Fact]
    public void Hosts_that_are_not_reached_are_named_with_sshs_reason_and_nothing_runs()
    {
        using LaunchCluster cluster = new("bash", "nologin");
        using RunningProcess launch = cluster.Launch($"--hosts node1,ghost@localhost,node9,node2 -- {Tiny}");
        launch.ExpectExit(1);
        Assert.Matches("(?m)^nperf: error: localhost: ghost@localhost: Permission denied .*: a launch needs a key that asks for nothing", launch.Errors);
        Assert.Matches("(?m)^nperf: error: node9: ssh: Could not resolve hostname node9", launch.Errors);
        Assert.Matches("(?m)^nperf: error: node2: exit code 1: .*This account is currently not available", launch.Errors);
        Assert.DoesNotContain("node1", launch.Errors, StringComparison.Ordinal);
        Assert.Empty(launch.Output);
    }

    [Fact]
    public void A_name_of_the_server_that_only_ssh_knows_is_told_from_one_that_hosts_know()
    {
        using LaunchCluster cluster = new("bash", "bash");
        using RunningProcess alias = cluster.Launch($"--hosts gate,node2 -- {Tiny}");
        alias.ExpectExit(1);
        Assert.Matches("(?m)^nperf: error: node2: unknown host gate", alias.Errors);
        Assert.Contains("the hosts look for the server as gate; where they know it by another name, give that with --server-address", alias.Errors, StringComparison.Ordinal);
        using RunningProcess address = cluster.Launch($"--hosts gate,node2 --server-address node1 -- {Tiny} -J");
        address.ExpectSuccess();
        Assert.Equal(["node1", "node2"], Hosts(ResultsDocuments.Parse(address.Output)));
    }

    [Fact]
    public void A_hostfile_gives_each_host_its_ranks_and_files_of_the_run_are_the_launchers()
    {
        using LaunchCluster cluster = new("bash", "bash");
        File.WriteAllText(cluster.File("hosts"), "# server first\nnode1:2\nnode2   # one rank\n");
        File.WriteAllText(cluster.File("matrix"), "0 2048 1024\n1024 0 0\n512 0 0\n");
        File.WriteAllText(cluster.File("table"), "allreduce any any ring\n");
        using RunningProcess launch = cluster.Launch(
            "--hostfile",
            [
                cluster.File("hosts"), "--", .. NperfBinary.Split("--backend host -i 2 -w 1 --timeout 60 -J --op alltoallv,allreduce --traffic"),
                cluster.File("matrix"), "--algo-table", cluster.File("table"),
            ]);
        launch.ExpectSuccess();
        JsonElement document = ResultsDocuments.Parse(launch.Output);
        document.AssertCorrect();
        Assert.Equal(3, document.Ranks());
        Assert.Equal([3072, 1024], document.Sizes());
        Assert.Equal("ring", document.GetProperty("results")[1].GetProperty("algorithm").GetString());
    }

    [Fact]
    public void The_commands_of_a_dry_run_do_the_same_by_hand()
    {
        using LaunchCluster cluster = new("tcsh", "fish");
        using RunningProcess dry = cluster.Launch($"--hosts node[1-2] --copy --remote-path ~/it's/nperf --dry-run -- {Tiny} -J");
        dry.ExpectSuccess();
        Assert.Empty(dry.Errors);
        using RunningProcess script = cluster.RunScript(dry.Output);
        script.ExpectSuccess();
        JsonElement document = ResultsDocuments.Parse(script.Output[script.Output.IndexOf('{', StringComparison.Ordinal)..]);
        document.AssertCorrect();
        Assert.Equal(["node1", "node2"], Hosts(document));
    }

    [Fact]
    public void Localhost_needs_no_ssh()
    {
        _ = NperfBinary.NativePath();
        string output = NperfBinary.Run($"launch --ssh /no/such/ssh --hosts localhost -- {Tiny} -J");
        Assert.Equal(2, ResultsDocuments.Parse(output).Ranks());
    }

    [Theory]
    [InlineData("tethered -n 2", "nperf: error: 'tethered': nperf launch starts this on each host; nobody types it\n")]
    [InlineData("-n 2", "nperf: error: NPERF_TETHER is set in the environment: nperf sets it for processes that it starts itself; unset it\n")]
    public void What_launch_uses_itself_is_refused_to_who_types_it(string words, string error)
    {
        using RunningProcess nperf = NperfBinary.Start(
            words, new Dictionary<string, string?> { ["NPERF_TETHER"] = words[0] == '-' ? "of:1" : null });
        nperf.ExpectExit(2);
        Assert.Equal(error, nperf.Errors);
    }

    private static string?[] Hosts(JsonElement document) =>
        [.. document.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("host").GetString())];
}
