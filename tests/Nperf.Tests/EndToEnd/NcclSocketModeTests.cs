using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

/// <summary>Server and clients on GPUs of the stand-in.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class NcclSocketModeTests : IDisposable
{
    private readonly StandInRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void What_the_server_was_told_of_NCCL_reaches_it_in_every_process_on_a_GPU_of_its_own()
    {
        JsonElement document = Serve("-n 1 --algo ring --proto simple -b 1K -B 4K", "");

        Assert.Equal(2, document.Ranks());
        Assert.All([_run.Reported("NCCL_ALGO"), _run.Reported("NCCL_PROTO")], variable => Assert.Equal(2, variable.Count));
        Assert.All(_run.Reported("NCCL_ALGO"), values => Assert.Equal("Ring", Assert.Single(values)));
        Assert.All(_run.Reported("NCCL_PROTO"), values => Assert.Equal("Simple", Assert.Single(values)));
        Assert.Equal(
            ["rank 0 of 2 on GPU 0", "rank 1 of 2 on GPU 1"], _run.Reported("init").SelectMany(values => values).Order());
        foreach (JsonElement result in document.GetProperty("results").EnumerateArray())
        {
            Assert.Equal("ring", result.GetProperty("algorithm").GetString());
            Assert.Equal("simple", result.GetProperty("protocol").GetString());
        }
    }

    [Theory]
    [InlineData("-n 1 -g 2", "-g all --device 2", 4)]
    [InlineData("-n 1 -g 3 --ranks-in threads", "--ranks-in threads", 4)]
    public void Several_ranks_of_each_side_take_different_GPUs(string server, string client, int ranks)
    {
        JsonElement document = Serve($"{server} --op allreduce,alltoall -i 2 -w 1", client, ("STANDIN_GPUS", "4"));

        Assert.Equal(ranks, document.Ranks());
        string[] gpus = [.. document.GetProperty("processes").EnumerateArray()
            .SelectMany(process => process.GetProperty("gpus").EnumerateArray()).Select(uuid => uuid.GetString()!)];
        Assert.Equal(ranks, gpus.Distinct().Count());
    }

    [Fact]
    public void Processes_that_see_one_GPU_each_find_out_which()
    {
        (RunningProcess server, int port) = StartServer("-n 1 -J", ("CUDA_VISIBLE_DEVICES", "1"));
        using (server)
        {
            using RunningProcess client = _run.Start($"-c 127.0.0.1 -p {port}", ("CUDA_VISIBLE_DEVICES", "0"));
            client.ExpectSuccess();
            server.ExpectSuccess();
            StandInRun.AssertOnGpus(ResultsDocuments.Parse(server.Output));
        }
    }

    [Theory]
    [InlineData("", "INFO")]
    [InlineData("INFO", "")]
    public void A_log_that_one_side_keeps_for_itself_keeps_nobody_waiting(string serversLog, string clientsLog)
    {
        (RunningProcess server, int port) = StartServer("-n 1 --backend nccl", ("NCCL_DEBUG", serversLog));
        using (server)
        {
            using RunningProcess client = _run.Start($"-c 127.0.0.1 -p {port}", ("NCCL_DEBUG", clientsLog));
            client.ExpectSuccess();
            server.ExpectSuccess();
            Assert.Matches($"(?m){Table.Row1K}", server.Output);
        }
    }

    [Fact]
    public void One_GPU_for_two_processes_is_refused_on_both_sides_by_ranks_and_GPU()
    {
        (RunningProcess server, int port) = StartServer("-n 1", ("CUDA_VISIBLE_DEVICES", "1"));
        using (server)
        {
            using RunningProcess client = _run.Start($"-c 127.0.0.1 -p {port} --device 0", ("CUDA_VISIBLE_DEVICES", "1"));
            client.ExpectExit(1);
            server.ExpectExit(1);
            const string refusal = @"nperf: error: rank 0 on \S+ has no GPU left: 2 ranks there, and the process sees 1 GPU, number 0";
            Assert.All([client, server], side => Assert.Matches(refusal, side.Errors));
        }
    }

    [Fact]
    public void A_client_without_a_GPU_moves_the_run_to_the_host_backend_and_is_named()
    {
        (RunningProcess server, int port) = RunningServer(NperfBinary.Start("-s -p 0 -n 1", _run.Environment()));
        using (server)
        {
            using RunningProcess client = NperfBinary.Start(
                $"-c 127.0.0.1 -p {port}", _run.Environment(("NPERF_CUDA_LIB", "/nowhere/libcuda.so.1")));
            client.ExpectSuccess();
            server.ExpectSuccess();
            Assert.Matches(@"(?m)^no NCCL: \S+ misses a ", server.Output);
            Assert.Contains("host backend over", server.Output, StringComparison.Ordinal);
        }
    }

    // The server's document, after both sides ended well.
    private JsonElement Serve(string serverArguments, string clientArguments, params (string Name, string Value)[] settings)
    {
        (RunningProcess server, int port) = StartServer($"{serverArguments} -J", settings);
        using (server)
        {
            using RunningProcess client = _run.Start($"-c 127.0.0.1 -p {port} {clientArguments}", settings);
            client.ExpectSuccess();
            server.ExpectSuccess();
            JsonElement document = ResultsDocuments.Parse(server.Output);
            StandInRun.AssertOnGpus(document);
            _run.AssertNothingIsLeft(document);
            return document;
        }
    }

    private (RunningProcess Server, int Port) StartServer(string arguments, params (string Name, string Value)[] settings) =>
        RunningServer(_run.Start($"-s -p 0 {arguments}", settings));

    private static (RunningProcess Server, int Port) RunningServer(RunningProcess server)
    {
        try
        {
            return (server, NperfBinary.ListeningPort(server));
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }
}
