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

    [Theory]
    [InlineData("-J")]
    [InlineData("")]
    public void A_full_disk_is_an_error(string json)
    {
        using RunningProcess nperf = RunningProcess.Start(
            "/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/full", NperfBinary.Path, .. NperfBinary.Split($"-b 1K {json}")]);
        nperf.ExpectExit(1);
        Assert.Contains("nperf: error:", nperf.Errors, StringComparison.Ordinal);
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
