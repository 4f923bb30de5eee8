using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

[Collection(NperfBinaryUse.Name)]
public sealed class TopologyTests
{
    private static readonly Dictionary<string, string?> NoGpu = new()
    {
        ["NPERF_CUDA_LIB"] = "/nowhere/libcuda.so.1",
        ["CUDA_VISIBLE_DEVICES"] = null,
    };

    [Theory]
    [InlineData("--topology")]
    [InlineData("--topology --topo-format tree")]
    [InlineData("--topology --topo-format dot")]
    [InlineData("--topology --topo-format json")]
    [InlineData("--local --topology -n 4 -J")]
    public void A_machine_without_a_GPU_shows_the_rest_and_why_there_is_none(string arguments)
    {
        using RunningProcess nperf =
            RunningProcess.Start(NperfBinary.Path, NperfBinary.Split(arguments), environment: NoGpu);
        nperf.ExpectSuccess();

        Assert.Contains("no GPU: /nowhere/libcuda.so.1: cannot open ", nperf.Output, StringComparison.Ordinal);
        Assert.Empty(nperf.Errors);
        Assert.All(nperf.Output.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void With_J_and_a_file_the_document_is_there_and_nothing_else()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("topology.json");
        using RunningProcess nperf =
            RunningProcess.Start(NperfBinary.Path, ["--topology", "-J", "-o", file], environment: NoGpu);
        nperf.ExpectSuccess();

        Assert.Empty(nperf.Output);
        JsonElement document = ResultsDocuments.Read(file);
        Assert.Equal(0, document.GetProperty("gpus").GetArrayLength());
        Assert.Equal(document.GetProperty("devices").GetArrayLength(), document.GetProperty("matrix").GetArrayLength());
    }

    [Fact]
    public void A_host_is_shown_once_however_many_processes_it_has()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer("-n 2 --topology -J");
        using (server)
        {
            using RunningProcess first = NperfBinary.Start($"-c 127.0.0.1 -p {port} --topology");
            using RunningProcess second = NperfBinary.Start($"-c 127.0.0.1 -p {port} --topology");
            first.ExpectSuccess();
            second.ExpectSuccess();
            server.ExpectSuccess();
            Assert.Equal(JsonValueKind.String, ResultsDocuments.Parse(server.Output).GetProperty("host").ValueKind);
            Assert.Contains("the server shows every host's topology", first.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_server_shows_every_host()
    {
        using NamespaceHosts hosts = new(2);
        using RunningProcess server = hosts.Start(1, "./nperf -s -n 1 --topology --topo-format tree");
        using RunningProcess client = hosts.Start(2, "./nperf -c node1 --topology");
        client.ExpectSuccess();
        server.ExpectSuccess();

        Assert.Matches("(?m)^node1$", server.Output);
        Assert.Matches("(?m)^node2$", server.Output);
        Assert.DoesNotMatch("(?m)^node[12]$", client.Output);
    }

    [Fact]
    public void A_client_that_wants_a_topology_of_a_server_that_measures_is_refused()
    {
        (RunningProcess server, int port) = NperfBinary.StartServer("-n 1");
        using (server)
        {
            using RunningProcess client = NperfBinary.Start($"-c 127.0.0.1 -p {port} --topology");
            client.ExpectExit(2);
            server.ExpectExit(2);
            Assert.Contains("--topology", client.Errors, StringComparison.Ordinal);
            Assert.Contains("--topology", server.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_cannot_be_written_is_a_failure()
    {
        using RunningProcess full = RunningProcess.Start("sh", ["-c", $"'{NperfBinary.Path}' --topology >/dev/full"]);
        full.ExpectExit(1);
        Assert.Contains("cannot write to standard output", full.Errors, StringComparison.Ordinal);

        using RunningProcess nowhere = NperfBinary.Start("--topology -o /nowhere/topology.txt");
        nowhere.ExpectExit(1);
        Assert.Contains("there is no directory /nowhere", nowhere.Errors, StringComparison.Ordinal);
    }
}
