using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

[Collection(NperfBinaryUse.Name)]
public sealed class OutputTests
{
    [Fact]
    public void With_J_standard_output_is_the_document_and_nothing_else()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer("-b 1K -B 8K -J");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port} -J");
            client.ExpectSuccess();
            server.ExpectSuccess();
            Assert.Equal([1024, 2048, 4096, 8192], ResultsDocuments.Parse(server.Output).Sizes());
            Assert.Equal([1024, 2048, 4096, 8192], ResultsDocuments.Parse(client.Output).Sizes());
        }
    }

    [Theory]
    [InlineData(".results[].bandwidth", 11)]
    [InlineData("[.results[].busBandwidth] | max", 1)]
    [InlineData(".results[] | select(.bytes >= 1048576) | .bytes", 1)]
    [InlineData(".config.numGpus", 1)]
    public void Scripts_read_the_document_with_jq(string filter, int expectedNumbers)
    {
        Requirements.Program("jq", "jq");
        using TemporaryFolder folder = new();
        string results = folder.File("results.json");
        using RunningProcess nperf = RunningProcess.Start(
            NperfBinary.Path, [.. NperfBinary.Split("-b 1K -B 1M -J -o"), results]);
        nperf.ExpectSuccess();
        using RunningProcess jq = RunningProcess.Start("jq", ["-e", filter, results]);
        jq.ExpectSuccess();
        double[] numbers = [.. jq.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => double.Parse(line, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(expectedNumbers, numbers.Length);
        Assert.All(numbers, number => Assert.True(number > 0));
    }

    [Fact]
    public void A_stream_tells_of_a_run_as_it_goes()
    {
        string[] lines = NperfBinary.Run("-b 1M -t 0.5 --interval 0.1 --json-stream").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] events = [.. lines.Select(line => ResultsDocuments.Parse(line).GetProperty("event").GetString()!)];
        Assert.Equal(("start", "end"), (events[0], events[^1]));
        Assert.Equal(["start", "interval", "result", "end"], events.Distinct());
        long moved = lines.Select(ResultsDocuments.Parse).Where(line => line.GetProperty("event").GetString() == "interval")
            .Sum(line => line.GetProperty("data").GetProperty("sum").GetProperty("bytes").GetInt64());
        Assert.True(moved > 0);
    }

    [Fact]
    public void A_client_without_a_server_says_so_in_its_form()
    {
        using RunningProcess stream = NperfBinary.Start("-c 127.0.0.1:1 --timeout 0.5 --json-stream");
        stream.ExpectExit(1);
        Assert.Matches("^\\{\"event\":\"error\",\"data\":\".*\"\\}\n\\{\"event\":\"end\".*\n$", stream.Output);
        using RunningProcess text = NperfBinary.Start("-c 127.0.0.1:1 --timeout 0.5 --format nccl-tests");
        text.ExpectExit(1);
        Assert.Contains("# Test failure: ", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Avg", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Figures_that_are_not_as_expected_are_exit_code_4_and_in_the_document()
    {
        using RunningProcess nperf = RunningProcess.Start(
            NperfBinary.Path, ["-b", "1K", "-B", "2K", "-J", "--expect", "time < 1000s", "--expect", "busbw >= 1000000 @ 2K"]);
        nperf.ExpectExit(4);
        Assert.Matches(@"(?m)^nperf: error: not as expected: busbw >= 1000000 @ 2K: .* GB/s at 2048 B .* off by 100 %$", nperf.Errors);
        JsonElement document = ResultsDocuments.Parse(nperf.Output);
        Assert.Equal(
            [true, false],
            document.GetProperty("expectations").EnumerateArray().Select(one => one.GetProperty("met").GetBoolean()));
        Assert.Equal("expectationsNotMet", document.GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("--format csv", "operation,")]
    [InlineData("--format prometheus", "# HELP nperf_")]
    [InlineData("--format nccl-tests", "# Collective test starting: all_reduce_perf")]
    [InlineData("--json-stream", "{\"event\":\"start\"")]
    public void A_file_has_the_form_that_was_asked_for(string form, string start)
    {
        using TemporaryFolder folder = new();
        string file = folder.File("figures");
        using RunningProcess nperf = RunningProcess.Start(NperfBinary.Path, [.. NperfBinary.Split(form), "-o", file]);
        nperf.ExpectSuccess();
        Assert.Equal("", nperf.Output);
        Assert.StartsWith(start, File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("-J")]
    [InlineData("--json-stream")]
    [InlineData("")]
    public void A_full_disk_is_an_error(string json)
    {
        using RunningProcess nperf = RunningProcess.Start(
            "/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/full", NperfBinary.Path, .. NperfBinary.Split($"-b 1K {json}")]);
        nperf.ExpectExit(1);
        Assert.Contains("nperf: error:", nperf.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("head -c 60k /dev/zero >\"$0/other\"", "No space left on device", true)]
    [InlineData("mount -o remount,ro \"$0\"", "Read-only file system", false)]
    public void A_file_system_that_takes_no_more_leaves_nothing_half(string before, string reason, bool hasRun)
    {
        Requirements.Root("file systems of a test's own");
        Requirements.Program("unshare", "util-linux");
        using TemporaryFolder folder = new();
        string script = $"mount -t tmpfs -o size=64k none \"$0\" && {before} && "
            + "{ \"$1\" -b 1 -B 64K -J -o \"$0/results.json\"; echo \"code $?\"; echo \"left: $(ls -A \"$0\" | grep -v other)\"; }";
        using RunningProcess shell = RunningProcess.Start(
            "unshare", ["--mount", "sh", "-c", script, folder.Path, NperfBinary.Path]);
        shell.ExpectSuccess();
        Assert.Equal("code 1\nleft: \n", shell.Output);
        Assert.Matches($"(?m)^nperf: error: cannot write to .*{reason}$", shell.Errors);
        Assert.Equal(hasRun, shell.Errors.Contains("no NCCL", StringComparison.Ordinal));
    }

    [Fact]
    public void A_server_whose_output_nobody_reads_any_more_ends_both_sides()
    {
        using RunningProcess server = RunningProcess.Start(
            "/bin/sh",
            ["-c", "{ \"$0\" -s -p 0 -b 1K -i 10 --cycles 0; echo \"code $?\" >&2; } | head -n 1", NperfBinary.Path]);
        int port = NperfBinary.ListeningPort(server);
        using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port}");
        client.ExpectExit(1);
        server.WaitForExit();
        Assert.Matches("(?m)^nperf: error: cannot write to standard output: Broken pipe", server.Errors);
        Assert.EndsWith("code 1\n", server.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xterm", "", 40)]
    [InlineData("xterm", "1", 100)]
    [InlineData("dumb", "", 40)]
    public void Progress_on_a_terminal_fits_it(string term, string noColor, int columns)
    {
        Requirements.Program("script", "bsdutils");
        using TemporaryFolder folder = new();
        string seen = folder.File("seen");
        using RunningProcess script = RunningProcess.Start(
            Requirements.Find("script")!,
            ["-qec", $"stty cols {columns}; '{NperfBinary.Path}' -b 64K -B 128K -t 0.5 --interval 0.1 -J -o /dev/null", seen],
            environment: new Dictionary<string, string?> { ["TERM"] = term, ["NO_COLOR"] = noColor });
        script.ExpectSuccess();

        // What a terminal gets: a reader of lines would take carriage returns for ends of lines.
        string output = File.ReadAllText(seen);
        string[] drawn = [.. output.Split("\r\e[K").Skip(1).Where(text => text.Length > 0 && !text.Contains('\n', StringComparison.Ordinal))];
        if (term == "dumb")
        {
            Assert.DoesNotContain('\e', output);
            Assert.Contains("progress: allreduce", output, StringComparison.Ordinal);
            return;
        }

        Assert.Contains(drawn, text => text.Contains("of 2 sizes done", StringComparison.Ordinal));
        Assert.All(drawn, text => Assert.InRange(text.Length, 1, columns - 1));
        Assert.DoesNotContain("\e[32m", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_under_way_has_no_name_that_a_kill_could_leave_behind()
    {
        using TemporaryFolder folder = new();
        using RunningProcess nperf = RunningProcess.Start(
            NperfBinary.Path, [.. NperfBinary.Split("-b 1K -i 10 --cycles 0 --interval 0.1 -o"), folder.File("table")]);
        nperf.WaitForLine("progress: allreduce");
        nperf.Signal(RunningProcess.Kill);
        nperf.WaitForExit();
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void An_output_file_that_cannot_be_made_is_refused_before_the_run()
    {
        using TemporaryFolder folder = new();
        using RunningProcess server = RunningProcess.Start(
            NperfBinary.Path, ["-s", "-p", "0", "-J", "-o", folder.File("missing/results.json")]);
        Assert.NotEqual(0, server.WaitForExit());
        Assert.Contains("missing", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_file_appears_whole_and_alone()
    {
        using TemporaryFolder folder = new();
        string results = folder.File("results.json");
        File.WriteAllText(results, "from an earlier run");
        using RunningProcess nperf = RunningProcess.Start(NperfBinary.Path, ["-J", "-o", results]);
        nperf.ExpectSuccess();
        JsonElement document = ResultsDocuments.Read(results);
        Assert.Equal(2, document.Ranks());
        Assert.Equal([results], Directory.GetFileSystemEntries(folder.Path));
    }
}
