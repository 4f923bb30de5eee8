using CsCheck;
using Nperf.Arguments;
using Nperf.Launch;
using Nperf.Tests.Arguments;

namespace Nperf.Tests.Launch;

public class LaunchLineTests
{
    [Fact]
    public void The_first_host_gets_the_servers_options_and_the_others_what_is_each_processs_own()
    {
        LaunchOptions launch = Good("--hosts node[1-3] -- --op=allreduce -b1M -Jv -p 6000 -g 2 --timeout 60 --verify --graph 3");
        Assert.Equal("-s -n 2 -g 2 -p 6000 --timeout 60 --op allreduce -b 1M --verify --graph=3 -J -v", Words(launch, 0));
        Assert.Equal("-c node1 -g 2 -p 6000 --timeout 60", Words(launch, 2));
        Assert.Equal(60, launch.PatienceSeconds);
    }

    [Fact]
    public void Files_of_the_results_and_of_the_traffic_stay_on_this_machine()
    {
        string traffic = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(traffic, "0 1\n1 0\n");
        try
        {
            LaunchOptions launch = Good($"--hosts node1,node2 -- -J -o results.json --op alltoallv --traffic {traffic} --wait block");
            Assert.Equal("-s -n 1 --op alltoallv --wait block -J -o /dev/stdout", Words(launch, 0));
            Assert.Equal("results.json", launch.Output);
            Assert.Equal([traffic, null], launch.Files);
        }
        finally
        {
            File.Delete(traffic);
        }
    }

    [Fact]
    public void What_a_file_here_expects_the_server_is_told()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(file, "time<1s\nmin > 0\n");
        try
        {
            LaunchOptions launch = Good($"--hosts node1,node2 -- --expect=max<2s --expect-file {file}");
            Assert.Equal("-s -n 1 --expect=max<2s --expect=time<1s --expect=min > 0", Words(launch, 0));
            Assert.Equal("-c node1", Words(launch, 1));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void One_host_is_a_local_run_there() => Assert.Equal("--local --op all -b 4K", Words(Good("--hosts me@node1 -- --op all -b 4K"), 0));

    [Theory]
    [InlineData("--hosts me@node1,node2", "node1")]
    [InlineData("--hosts node1,node2 --server-address 10.0.0.1", "10.0.0.1")]
    [InlineData("--hosts localhost,node2 --server-address me.example.com", "me.example.com")]
    [InlineData("--hosts localhost,127.0.0.1", "localhost")]
    [InlineData("--hosts 2001:db8::7,node2", "2001:db8::7")]
    public void Clients_look_for_the_server_by_its_name_or_by_the_one_that_was_given(string line, string address) =>
        Assert.Equal($"-c {address}", Words(Good(line), 1));

    [Fact]
    public void Nothing_said_has_the_documented_defaults()
    {
        LaunchOptions launch = Good("--hosts node1,node2");
        Assert.Equal(("ssh", 32, false, false, null, null, 30), (
            launch.Ssh, launch.Jobs, launch.Copy, launch.DryRun, launch.RemotePath, launch.Output, launch.PatienceSeconds));
        Assert.Equal("-s -n 1", Words(launch, 0));
    }

    [Theory]
    [InlineData("", "--hosts: is missing: nperf launch --hosts node1,node2 (or --hostfile FILE)")]
    [InlineData("--hosts node[1", "--hosts: 'node[1' has [ without ]")]
    [InlineData("--hostfile /no/such/file", "--hostfile: '/no/such/file' cannot be read: there is no such file")]
    [InlineData("--hosts localhost,node2", "--server-address: is missing: localhost comes first")]
    [InlineData("--hosts node1,node2 --server-address node1:99", "--server-address: has a port; that of the server is -p")]
    [InlineData("--hosts node1 --copy --remote-path nperf", "--remote-path: 'nperf' is no place to copy to; a path, for example ~/nperf")]
    [InlineData("--hosts node1 --remote-path bin/", "--remote-path: 'bin/' is no file name")]
    [InlineData("--hosts node1 --jobs 0", "--jobs: '0' is not a whole number from 1 to 1024")]
    [InlineData("--hosts node1 --hosts node2", "--hosts: given more than once")]
    [InlineData("--hosts node1 --op allreduce", "--op: belongs to the run: it goes behind --")]
    [InlineData("--hosts node1 -J", "-J: belongs to the run: it goes behind --")]
    [InlineData("--hosts node1 --cpoy", "--cpoy: unknown option; did you mean --copy?")]
    [InlineData("--hosts node1,node2 -- -s", "-s: is chosen by nperf launch: the first host has the server, each other one a client")]
    [InlineData("--hosts node1,node2 -- -c node1", "-c: is chosen by nperf launch")]
    [InlineData("--hosts node1,node2 -- --local", "--local: is chosen by nperf launch")]
    [InlineData("--hosts node1,node2 -- --mpi", "--mpi: is chosen by nperf launch")]
    [InlineData("--hosts node1,node2 -- --nccl-bootstrap", "--nccl-bootstrap: is chosen by nperf launch")]
    [InlineData("--hosts node1,node2 -- --mpi-lib /x", "--mpi-lib: needs --mpi")]
    [InlineData("--hosts node1,node2 -- --token-file /no/such", "--token-file: '/no/such' cannot be read")]
    [InlineData("--hosts node1,node2 -- -n 2", "-n: is chosen by nperf launch")]
    [InlineData("--hosts node1,node2 -- -p 0", "-p: '0' is a port that the clients would not know; name one")]
    [InlineData("--hosts node1,node2 -- -b 1Q", "-b: '1Q' is not a size")]
    [InlineData("--hosts node1,node2 -- --copy", "--copy: unknown option; it belongs to nperf launch")]
    [InlineData("--hosts node1,node2 -- stray", "'stray': unexpected")]
    [InlineData("--hosts node1,node2 -- -b", "-b: needs a value: -b SIZE")]
    [InlineData("--hosts node1,node2 -- -b 1K -b 2K", "-b: given more than once")]
    [InlineData("--hosts node1,node2 -- -o sum", "-o: 'sum' is taken for another tool's option")]
    [InlineData("--hosts node1,node2 -- --transport memory", "--transport: 'memory' is that of one process")]
    [InlineData("--hosts node1 -- -p 6000", "-p: a local run has no port")]
    public void A_mistake_is_refused_by_name_before_anybody_is_connected_to(string line, string start) =>
        Assert.StartsWith(start, CommandLineTests.Error($"launch {line}"), StringComparison.Ordinal);

    [Fact]
    public void All_mistakes_of_both_parts_are_said_at_once() => Assert.Equal(
        ["--hosts", "--jobs", "-n", "-b"],
        CommandLineTests.Errors("launch --hosts node1,node1 --jobs x -- -n 2 -b 1Q").Select(error => error.Split(':')[0]));

    [Fact]
    public void Ranks_of_a_hostfile_and_of_an_option_exclude_each_other()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(file, "node1:4\nnode2\n");
        try
        {
            Assert.StartsWith("-g: is said by --hostfile", CommandLineTests.Error($"launch --hostfile {file} -- -g 2"), StringComparison.Ordinal);
            LaunchOptions launch = Good($"--hostfile {file}");
            Assert.Equal(("-s -n 1 -g 4", "-c node1"), (Words(launch, 0), Words(launch, 1)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_word_with_a_line_feed_is_refused_for_no_shell_is_told_it()
    {
        ParsedCommand parsed = CommandLine.Parse(["launch", "--hosts", "node1,node2", "--", "--nccl-lib", "/a\nb"]);
        Assert.StartsWith("--nccl-lib: has a character in it", Assert.Single(parsed.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_of_the_users_is_taken_and_goes_to_no_command_line()
    {
        Dictionary<string, string> environment = new() { ["NPERF_TOKEN"] = "0123456789abcdef" };
        LaunchOptions launch = CommandLine.Parse(["launch", "--hosts", "node1,node2"], environment).Launch!;
        Assert.NotNull(launch.Token);
        Assert.Equal("-s -n 1", Words(launch, 0));
        environment["NPERF_TOKEN"] = "short";
        ParsedCommand refused = CommandLine.Parse(["launch", "--hosts", "node1,node2"], environment);
        Assert.StartsWith("NPERF_TOKEN: its value is too short", Assert.Single(refused.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_help_has_every_option_in_80_columns()
    {
        string help = CommandLine.Parse(["launch", "--help"]).Text!;
        Assert.All(help.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.All(LaunchTable.All, option => Assert.Contains(option.Name, help, StringComparison.Ordinal));
        Assert.Contains("--op LIST", CommandLine.Parse(["launch", "--hosts", "node1", "--", "--help"]).Text!, StringComparison.Ordinal);
    }

    [Fact]
    public void The_documentation_has_every_option_too()
    {
        string page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Results.Documents.SchemaPath)!, "launch.md"));
        foreach (OptionDefinition option in LaunchTable.All.Where(option => option != OptionTable.Help))
            Assert.Contains($"| `{option.Name}{(option.Value is null ? "" : " " + option.Value)}` |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_is_a_script_that_quotes_what_it_has_to()
    {
        // What would be ssh shows what it was given.
        LaunchOptions launch = Good("--hosts localhost,me@node2 --server-address node1 --ssh echo --remote-path ~/it's/nperf -- -b 1M -J");
        string script = LaunchScript.Build(launch, "/opt/nperf", new string('0', 64));
        Assert.EndsWith("'s/nperf'\"'\"' -s -n 1 -b 1M -J' </dev/null\n", script, StringComparison.Ordinal);
        string client = script.Split('\n').Single(line => line.EndsWith(" </dev/null >/dev/null &", StringComparison.Ordinal));
        Assert.EndsWith(
            """me@node2 exec ~/'it'"'"'s/nperf' -c node1 --interval 0""" + "\n",
            Shells.Run("sh", client[..^" >/dev/null &".Length]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_copies_first_and_writes_the_file_here()
    {
        LaunchOptions launch = Good("--hosts node1,node2 --copy -- -o out.json");
        string[] lines = [.. LaunchScript.Build(launch, "/opt/nperf", new string('0', 64)).TrimEnd().Split('\n').Where(line => line[0] != '#')];
        Assert.Equal(4, lines.Length);
        Assert.All(lines[..2], line => Assert.EndsWith(" </opt/nperf >/dev/null", line, StringComparison.Ordinal));
        Assert.EndsWith(" node1 'exec ~/.cache/nperf/nperf-0000000000000000 -s -n 1 -o /dev/stdout' </dev/null >out.json", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void No_words_whatever_make_it_fail_and_every_message_is_one_line()
    {
        string[] names = [.. LaunchTable.All.Concat(OptionTable.All).Select(option => option.Name), "--", "launch", "node[1-3]", "[", "a,b"];
        Gen<string> word = Gen.OneOf(Gen.Int[0, names.Length - 1].Select(index => names[index]), Gen.String[Gen.Char[' ', '~'], 0, 6]);
        word.Array[0, 8].Sample(
            words => Assert.All(CommandLine.Parse(["launch", .. words]).Errors, error => Assert.DoesNotContain('\n', error)), iter: 1000);
    }

    [Theory]
    [InlineData("", 30)]
    [InlineData("--timeout 1", 5)]
    [InlineData("--timeout 3600", 60)]
    public void Hosts_wait_for_the_launcher_as_long_as_for_each_other_within_bounds(string options, double seconds) =>
        Assert.Equal(seconds, Good($"--hosts node1,node2 -- {options}").PatienceSeconds);

    private static string Words(LaunchOptions launch, int host) => string.Join(' ', launch.Run.Of(host));

    private static LaunchOptions Good(string line)
    {
        LaunchOptions? launch = CommandLineTests.Good($"launch {line}").Launch;
        Assert.NotNull(launch);
        return launch;
    }
}
