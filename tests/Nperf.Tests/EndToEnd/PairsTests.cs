using System.Globalization;
using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

/// <summary>Pairs of ranks by the binary: on this machine, on hosts of their own, on GPUs of the stand-in.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class PairsTests
{
    [Theory]
    [InlineData("threads", "auto", "process")]
    [InlineData("processes", "auto", "host")]
    [InlineData("processes", "tcp", "host")]
    public void Each_pair_of_local_ranks_is_in_the_document(string kind, string transport, string link)
    {
        JsonElement document = ResultsDocuments.Parse(
            NperfBinary.Run($"pairs -n 3 --backend host --ranks-in {kind} --transport {transport} -b 64K -i 3 -J"));

        AssertComplete(document, 3, link);
        Assert.Equal("pairs", document.GetProperty("config").GetProperty("pattern").GetString());
    }

    [Fact]
    public void A_matrix_is_printed_and_csv_is_written_where_asked_for()
    {
        string table = NperfBinary.Run("pairs -n 3 --backend host -b 64K -i 3");
        Assert.Contains("64.0 KiB from the rank of the row to that of the column", table, StringComparison.Ordinal);
        Assert.Matches("wrong results +none \\(each pair checked\\)", table);
        string[] lines = NperfBinary.Run("pairs -n 3 --backend host -b 64K -i 3 --format csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + 6, lines.Length);
    }

    [Fact]
    public void The_end_of_a_stream_has_the_pairs()
    {
        string[] lines = NperfBinary.Run("pairs -n 2 --backend host -b 64K -i 3 --json-stream").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, ResultsDocuments.Parse(lines[^1]).GetProperty("data").GetProperty("pairs").GetProperty("links").GetArrayLength());
    }

    [Fact]
    public void A_client_takes_the_pattern_from_the_server_and_has_its_findings()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer("--pattern pairs -n 1 --backend host -b 64K -i 3");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)} -J");
            client.ExpectSuccess();
            server.ExpectSuccess();
            AssertComplete(ResultsDocuments.Parse(client.Output), 2, "host");
        }
    }

    [Fact]
    public void Two_ranks_that_came_by_clients_are_too_few_to_find_a_slow_one()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer("--pattern find-slow -n 1 --backend host");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
            Assert.Equal(2, server.WaitForExit());
            Assert.Contains("--pattern: find-slow takes three ranks or more, and there are 2", server.Errors, StringComparison.Ordinal);
            Assert.Equal(2, client.WaitForExit());
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(null)]
    public void A_slowed_host_of_four_is_named_and_nobody_where_none_is_slow(int? slowed)
    {
        using NamespaceHosts hosts = new(4);
        for (int host = 1; host <= 4; host++) hosts.LimitRate(host, host == slowed ? 40 : 160);
        using RunningProcess server = hosts.Start(1, "./nperf find-slow -s -n 3 --backend host --wait block -b 256K -J");
        using RunningProcess second = hosts.Start(2, "./nperf -c node1");
        using RunningProcess third = hosts.Start(3, "./nperf -c node1");
        using RunningProcess fourth = hosts.Start(4, "./nperf -c node1");
        int code = server.WaitForExit(180);

        JsonElement document = ResultsDocuments.Parse(server.Output);
        AssertComplete(document, 4, "network");
        JsonElement[] slow = [.. document.GetProperty("findSlow").GetProperty("slow").EnumerateArray()];
        Assert.Equal(slowed is null ? 0 : 4, code);
        Assert.Equal(slowed is null ? [] : [$"node{slowed}"], slow.Select(one => one.GetProperty("host").GetString()));
        foreach (RunningProcess client in new[] { second, third, fourth }) Assert.Equal(code, client.WaitForExit());
    }

    [Theory]
    [InlineData("threads")]
    [InlineData("processes")]
    public void Pairs_of_GPUs_go_through_NCCL_and_are_right(string kind)
    {
        using StandInRun run = new();
        using RunningProcess nperf = run.Start($"--pattern pairs --ranks-in {kind} -b 64K -i 2 -J", ("STANDIN_GPUS", "3"));
        nperf.ExpectSuccess();

        JsonElement document = ResultsDocuments.Parse(nperf.Output);
        Assert.Equal("nccl", document.GetProperty("config").GetProperty("backend").GetString());
        Assert.Equal(6, document.GetProperty("pairs").GetProperty("links").GetArrayLength());
        AssertRight(document);
        run.AssertNothingIsLeft(document);
    }

    private static void AssertComplete(JsonElement document, int ranks, string link)
    {
        JsonElement[] links = [.. document.GetProperty("pairs").GetProperty("links").EnumerateArray()];
        Assert.Equal(ranks * (ranks - 1), links.Length);
        Assert.All(links, one => Assert.Equal(link, one.GetProperty("class").GetString()));
        Assert.Empty(document.GetProperty("results").EnumerateArray());
        AssertRight(document);
    }

    private static void AssertRight(JsonElement document)
    {
        Assert.False(document.TryGetProperty("error", out JsonElement error), error.ToString());
        Assert.All(
            document.GetProperty("pairs").GetProperty("links").EnumerateArray(), link => Assert.Equal(0, link.GetProperty("wrong").GetInt64()));
    }
}
