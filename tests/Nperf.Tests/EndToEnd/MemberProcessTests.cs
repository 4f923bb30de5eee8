using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using NJsonSchema;

namespace Nperf.Tests.EndToEnd;

[Collection(NperfBinaryUse.Name)]
public sealed class MemberProcessTests
{
    private const string Endless = "--ranks-in processes -b 1K -i 10 --cycles 0";

    [Fact]
    public void Every_operation_is_right_between_the_processes_of_a_local_run()
    {
        string output = NperfBinary.Run("--ranks-in processes -n 4 --op all -b 1K -B 64K -S 8 -J");
        JsonElement document = ResultsDocuments.Parse(output);
        Assert.False(document.TryGetProperty("error", out JsonElement error), error.ToString());
        Assert.Equal("local", document.GetProperty("config").GetProperty("mode").GetString());
        Assert.Equal("shm", document.GetProperty("transports").GetString());
        Assert.Equal(4, document.Ranks());
        JsonElement[] processes = [.. document.GetProperty("processes").EnumerateArray()];
        Assert.Equal([0, 1, 2, 3], processes.Select(process => process.GetProperty("ranks").EnumerateArray().Single().GetInt32()));
        Assert.Equal(4, processes.Select(process => process.GetProperty("processId").GetInt32()).Distinct().Count());
        JsonElement[] results = [.. document.GetProperty("results").EnumerateArray()];
        Assert.Equal(
            Core.Collectives.Operations.All.Select(operation => operation.Name),
            results.Select(result => result.GetProperty("operation").GetString()).Distinct());
        foreach (JsonElement result in results.Where(result => result.GetProperty("operation").GetString() != "barrier"))
            Assert.Equal(0, result.GetProperty("wrong").GetInt64());
    }

    [Fact]
    public async Task The_document_of_four_processes_follows_the_schema()
    {
        string text = NperfBinary.Run("--ranks-in processes -n 4 -J");
        JsonSchema schema = await JsonSchema.FromFileAsync(
            Results.Documents.SchemaPath, TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(text));
    }

    [Fact]
    public void A_local_run_says_how_many_processes_it_has_and_nothing_of_a_port()
    {
        using RunningProcess nperf = NperfBinary.Start("--ranks-in processes -n 4");
        nperf.ExpectSuccess();
        Assert.Matches("^nperf [^ ]+: local, 4 ranks in 4 processes on 1 host, host backend over shm\n", nperf.Output);
        Assert.DoesNotContain("listening", nperf.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("joined", nperf.Output, StringComparison.Ordinal);
        Assert.Empty(nperf.Errors);
    }

    [Theory]
    [InlineData("shm")]
    [InlineData("tcp")]
    public void Server_and_clients_bring_processes(string transport)
    {
        (RunningProcess server, int port) = NperfBinary.StartServer(
            $"-n 2 -g 2 --ranks-in processes --transport {transport} --op allreduce,gather -b 4K");
        using (server)
        {
            using RunningProcess first = NperfBinary.Start($"-c 127.0.0.1 -p {port} -g 2 --ranks-in processes");
            using RunningProcess second = NperfBinary.Start($"-c localhost:{port} -g 2 --ranks-in processes");
            server.ExpectSuccess();
            first.ExpectSuccess();
            second.ExpectSuccess();
            Assert.Matches("(?m)^client 1 of 2: .*, ranks 2-3$", server.Output);
            Assert.Matches("(?m)^client 2 of 2: .*, ranks 4-5$", server.Output);
            Assert.Contains("server, 6 ranks in 6 processes on 1 host", server.Output, StringComparison.Ordinal);
            Assert.Contains($"client, 6 ranks in 6 processes on 1 host, host backend over {transport}", first.Output, StringComparison.Ordinal);
            Assert.Matches("(?m)^joined 127.0.0.1:[0-9]+ as ranks (2-3|4-5) of 6$", first.Output);
            Assert.Contains("wrong results  none", server.Output, StringComparison.Ordinal);
            Assert.All([server, first, second], side => Assert.Empty(side.Errors));
        }
    }

    [Fact]
    public void Processes_and_threads_meet_in_one_run()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer("-n 1 -g 2 --ranks-in threads -b 4K -J");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port} -g 3 --ranks-in processes");
            client.ExpectSuccess();
            server.ExpectSuccess();
            JsonElement document = ResultsDocuments.Parse(server.Output);
            document.AssertCorrect();
            IEnumerable<string> ranks = document.GetProperty("processes").EnumerateArray()
                .Select(process => string.Join(',', process.GetProperty("ranks").EnumerateArray()));
            Assert.Equal(["0,1", "2", "3", "4"], ranks);
        }
    }

    [Fact]
    public void A_member_killed_in_the_middle_ends_the_run_by_its_name()
    {
        using RunningProcess nperf = NperfBinary.Start($"{Endless} -n 4");
        nperf.WaitForLine(Table.Row1K);
        int[] members = ChildProcesses.Wait(nperf.Id, 3);
        RunningProcess.Signal(members[1], RunningProcess.Kill);
        nperf.ExpectExit(1);
        Match(nperf, @"^nperf: error: rank [123] on \S+ was lost during ", nperf.Errors);
        Match(nperf, $@"(?m)^rank [123]: process {members[1]} was ended by signal 9$", nperf.Output);
        ChildProcesses.AssertGone(members);
    }

    [Fact]
    public void A_signal_to_the_command_is_not_said_to_have_ended_its_members()
    {
        using RunningProcess nperf = NperfBinary.Start($"{Endless} -n 3");
        nperf.WaitForLine(Table.Row1K);
        nperf.Signal(RunningProcess.Interrupt);
        nperf.ExpectExit(130);
        Assert.DoesNotContain("was ended by", nperf.Output + nperf.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clients_member_killed_in_the_middle_ends_both_sides()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer($"{Endless} -g 2 -J");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port} -g 2 --ranks-in processes");
            client.WaitForLine(Table.Row1K);
            int[] members = [.. ChildProcesses.Wait(server.Id, 1), .. ChildProcesses.Wait(client.Id, 1)];
            RunningProcess.Signal(members[1], RunningProcess.Kill);
            server.ExpectExit(1);
            client.ExpectExit(1);
            Match(server, @"(?m)^nperf: error: rank 3 on \S+ \(127.0.0.1\) was lost during ", server.Errors);
            Assert.Single(client.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.StartsWith("nperf: error:", StringComparison.Ordinal));
            Assert.Equal("peerLost", ResultsDocuments.Parse(server.Output).GetProperty("error").GetProperty("code").GetString());
            ChildProcesses.AssertGone(members);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Members_end_with_the_process_that_started_them_whatever_ends_it(bool stopped)
    {
        using RunningProcess nperf = NperfBinary.Start($"{Endless} -n 3");
        nperf.WaitForLine(Table.Row1K);
        int[] members = ChildProcesses.Wait(nperf.Id, 2);
        if (stopped) RunningProcess.Signal(members[0], RunningProcess.Stop);
        nperf.Signal(RunningProcess.Kill);
        ChildProcesses.AssertGone(members);
    }

    [Fact]
    public void A_client_killed_with_members_ends_the_run_and_them()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer($"{Endless} -g 2");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port} -g 3 --ranks-in processes");
            client.WaitForLine(Table.Row1K);
            int[] members = [.. ChildProcesses.Wait(server.Id, 1), .. ChildProcesses.Wait(client.Id, 2)];
            client.Signal(RunningProcess.Kill);
            server.ExpectExit(1);
            Match(server, @"nperf: error: rank [234] on \S+ \(127.0.0.1\) was lost", server.Errors);
            ChildProcesses.AssertGone(members);
        }
    }

    [Theory]
    [InlineData(RunningProcess.Interrupt)]
    [InlineData(RunningProcess.Terminate)]
    public void A_signal_to_all_of_a_terminals_processes_is_the_heads_to_answer(int signal)
    {
        using TemporaryFolder folder = new();
        string results = folder.File("results.json");
        using RunningProcess nperf = RunningProcess.Start(
            NperfBinary.Path, [.. NperfBinary.Split($"{Endless} -n 3 --interval 0.1 -J -o"), results]);
        nperf.WaitForLine("progress: allreduce");
        int[] members = ChildProcesses.Wait(nperf.Id, 2);
        Stopwatch took = Stopwatch.StartNew();
        foreach (int member in members) RunningProcess.Signal(member, signal);
        nperf.Signal(signal);
        nperf.ExpectExit(128 + signal);
        Assert.InRange(took.Elapsed.TotalSeconds, 0, 5);
        ChildProcesses.AssertGone(members);
        Assert.Single(nperf.Errors.Split('\n'), line => line.StartsWith("nperf: error:", StringComparison.Ordinal));
        Assert.Equal(
            signal == RunningProcess.Interrupt ? "interrupted" : "terminated",
            ResultsDocuments.Read(results).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public void A_member_that_hangs_is_ended_when_the_run_is_given_up()
    {
        using RunningProcess nperf = NperfBinary.Start($"{Endless} -n 3 --timeout 1");
        nperf.WaitForLine(Table.Row1K);
        int[] members = ChildProcesses.Wait(nperf.Id, 2);
        RunningProcess.Signal(members[1], RunningProcess.Stop);
        nperf.ExpectExit(1);
        ChildProcesses.AssertGone(members);
    }

    [Fact]
    public void Missing_clients_end_the_servers_members_too()
    {
        (RunningProcess server, _) = NperfBinary.StartServer("-g 3 --ranks-in processes --timeout 1");
        using (server)
        {
            int[] members = ChildProcesses.Wait(server.Id, 2);
            server.ExpectExit(1);
            Assert.Contains("0 of 1 clients joined", server.Errors, StringComparison.Ordinal);
            ChildProcesses.AssertGone(members);
        }
    }

    [Theory]
    [InlineData("1")]
    [InlineData("of:1")]
    public void The_members_variable_set_by_hand_is_a_mistake_with_a_name(string value)
    {
        using RunningProcess nperf = RunningProcess.Start(
            NperfBinary.Path, ["-n", "2"], environment: new Dictionary<string, string?> { ["NPERF_MEMBER"] = value });
        nperf.ExpectExit(2);
        Assert.Matches("^nperf: error: NPERF_MEMBER is set in the environment: .*; unset it\n$", nperf.Errors);
        Assert.Empty(nperf.Output);
    }

    private static void Match(RunningProcess process, string pattern, string text) =>
        Assert.True(Regex.IsMatch(text, pattern), $"nothing like {pattern}\n{process.Describe()}");
}
