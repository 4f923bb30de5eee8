using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

/// <summary>Which algorithm the host backend takes, and how its ranks wait, as a user says it.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class AlgorithmChoiceTests
{
    [Theory]
    [InlineData("-b 64", "recursive-doubling")]
    [InlineData("-b 64 --algo ring", "ring")]
    [InlineData("-b 1M --algo recursive-doubling", "recursive-doubling")]
    public void The_algorithm_that_was_named_is_the_one_that_runs(string options, string algorithm)
    {
        JsonElement document = ResultsDocuments.Parse(NperfBinary.Run($"--backend host -n 3 -i 2 -w 1 -J {options}"));

        document.AssertCorrect();
        Assert.Equal([algorithm], Algorithms(document));
    }

    [Fact]
    public void A_servers_table_and_its_way_of_waiting_are_its_clients_too()
    {
        using TemporaryFolder folder = new();
        string table = folder.File("table.txt");
        File.WriteAllText(table, "allreduce any 1K ring # else nobody takes it so small\n");
        using RunningProcess server = RunningProcess.Start(
            NperfBinary.Path, ["--algo-table", table, .. NperfBinary.Split("-s -p 0 -n 2 --backend host -b 512 -B 2K -i 2 -w 1 --wait block -J")]);
        int port = NperfBinary.ListeningPort(server);
        using RunningProcess client = NperfBinary.Start($"-c localhost -p {port} -J");
        using RunningProcess other = NperfBinary.Start($"-c localhost -p {port} --wait block");
        foreach (RunningProcess process in new[] { server, client, other }) process.ExpectSuccess();

        foreach (JsonElement document in new[] { server, client }.Select(process => ResultsDocuments.Parse(process.Output)))
        {
            document.AssertCorrect();
            Assert.Equal(["ring", "ring", "recursive-doubling"], Algorithms(document));
            JsonElement config = document.GetProperty("config");
            Assert.Equal("block", config.GetProperty("wait").GetString());
            Assert.Equal("allreduce any 1K ring", Assert.Single(config.GetProperty("algorithmTable").EnumerateArray()).GetString());
        }
    }

    [Fact]
    public void A_client_that_was_told_another_algorithm_does_not_run()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer("-n 1 --backend host --algo ring");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c localhost -p {port} --algo recursive-doubling");
            client.ExpectExit(2);
            Assert.Contains("options differ: --algo: server has ring, client", client.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_backends_own_table_is_printed_as_it_is_read()
    {
        using TemporaryFolder folder = new();
        string table = folder.File("table.txt");
        File.WriteAllText(table, NperfBinary.Run("algorithms"));
        using RunningProcess nperf = RunningProcess.Start(
            NperfBinary.Path, ["--algo-table", table, .. NperfBinary.Split("--backend host --op all -n 4 -b 1K -B 1M -S 32 -i 1 -w 0 -J")]);
        nperf.ExpectSuccess();
        JsonElement document = ResultsDocuments.Parse(nperf.Output);
        JsonElement plain = ResultsDocuments.Parse(NperfBinary.Run("--backend host --op all -n 4 -b 1K -B 1M -S 32 -i 1 -w 0 -J"));
        Assert.Equal(Algorithms(plain), Algorithms(document));
        Assert.Equal(JsonValueKind.Null, plain.GetProperty("config").GetProperty("algorithmTable").ValueKind);
    }

    [Theory]
    [InlineData("-n 3 --ranks-in processes", "shm")]
    [InlineData("-n 3 --transport tcp", "tcp")]
    public void Ranks_that_sleep_get_every_byte(string ranks, string transport)
    {
        JsonElement document = ResultsDocuments.Parse(
            NperfBinary.Run($"--backend host {ranks} --wait block --op allreduce,alltoall -b 8 -B 4M -S 64 -i 3 -w 1 -J"));

        document.AssertCorrect();
        Assert.Equal(transport, document.GetProperty("transports").GetString());
        Assert.Equal("block", document.GetProperty("config").GetProperty("wait").GetString());
    }

    [Fact]
    public void Spinning_with_too_few_processors_is_warned_of_in_a_line()
    {
        Requirements.Program("taskset", "util-linux");
        using RunningProcess nperf = RunningProcess.Start(
            "taskset", ["-c", $"{AllowedProcessor()}", NperfBinary.Path, .. NperfBinary.Split("--backend host -n 2 --wait spin -b 8 -i 1 -w 0 -J")]);
        nperf.ExpectSuccess();

        string warning = Assert.Single(nperf.Errors.Split('\n'), line => line.StartsWith("warning: ", StringComparison.Ordinal));
        Assert.Matches("^warning: --wait spin: 2 ranks share 1 processor of .*: each wait may last a tick of the scheduler", warning);
        Assert.Contains(
            ResultsDocuments.Parse(nperf.Output).GetProperty("notes").EnumerateArray(),
            note => warning.EndsWith(note.GetString()!, StringComparison.Ordinal));
    }

    private static string[] Algorithms(JsonElement document) =>
        [.. document.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("algorithm").GetString()!)];

    private static int AllowedProcessor() => int.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))
            .Split(':', ',', '-')[1].Trim(),
        System.Globalization.CultureInfo.InvariantCulture);
}
