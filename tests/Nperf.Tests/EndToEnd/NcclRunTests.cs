using System.Text.Json;
using System.Text.RegularExpressions;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Testing;

namespace Nperf.Tests.EndToEnd;

/// <summary>Runs on two GPUs of the stand-in.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class NcclRunTests : IDisposable
{
    private readonly StandInRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_machine_with_GPUs_runs_NCCL_on_all_of_them_where_nothing_is_said()
    {
        using RunningProcess nperf = _run.Start("");
        nperf.ExpectSuccess();

        Assert.Matches("^nperf [^ ]+: local, 2 ranks in 2 processes on 1 host, NCCL 2.28.9\n", nperf.Output);
        Assert.Matches("(?m)^  rank 0: .*, GPU 0 \\(Stand-in GPU\\)$", nperf.Output);
        Assert.Matches("(?m)^  rank 1: .*, GPU 1 \\(Stand-in GPU\\)$", nperf.Output);
        Assert.Matches("(?m)^  wrong results +none", nperf.Output);
        Assert.Empty(nperf.Errors);
    }

    [Theory]
    [InlineData("processes")]
    [InlineData("threads")]
    public void Every_operation_type_and_reduction_is_right(string kind)
    {
        JsonElement document = _run.Document($"--ranks-in {kind} --op all --dtype all --redop all -b 4K -i 1 -w 1");

        int types = DataTypes.All.Count, reductions = Reductions.All.Count;
        int reducing = Operations.All.Count(operation => operation.Reduces);
        int others = Operations.All.Count(operation => operation.HasData && !operation.Reduces);
        Assert.Equal(1 + (types * ((reducing * reductions) + others)), document.GetProperty("results").GetArrayLength());
        Assert.Equal(kind == "threads" ? 1 : 2, document.GetProperty("processes").GetArrayLength());
    }

    [Fact]
    public void Averages_among_three_ranks_lie_within_what_NCCL_rounds()
    {
        JsonElement document = _run.Document(
            "--ranks-in threads --op allreduce,reducescatter --dtype all --redop avg -b 4K -i 1 -w 0", ("STANDIN_GPUS", "3"));

        Assert.Equal(3, document.Ranks());
    }

    [Theory]
    [InlineData("--graph")]
    [InlineData("--graph 3")]
    [InlineData("--graph --aggregate 4 --verify each")]
    [InlineData("--aggregate 4")]
    [InlineData("--register local")]
    [InlineData("--register symmetric")]
    [InlineData("--sync op")]
    [InlineData("--sync barrier")]
    [InlineData("--cta-policy efficiency")]
    [InlineData("--cta-policy zero")]
    [InlineData("--verify each")]
    [InlineData("--verify each --ranks-in threads --sync op")]
    [InlineData("--in-place both --register symmetric")]
    [InlineData("--in-place both --graph")]
    public void Every_way_of_running_is_right(string how)
    {
        _run.Document($"--op all -b 1K -B 16K -S 16 -i 3 -w 1 {how}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("--graph 2 --aggregate 3")]
    [InlineData("--sync op")]
    public void A_timed_run_fills_its_time(string how)
    {
        JsonElement document = _run.Document($"-t 0.2 -O 0.1 -b 1K {how}");

        JsonElement result = Assert.Single(document.GetProperty("results").EnumerateArray());
        double seconds = result.GetProperty("iterations").GetInt64() * result.GetProperty("timeUs").GetProperty("avg").GetDouble() / 1e6;
        // Where the processor is busy with other things, a batch takes longer than was planned.
        Assert.InRange(seconds, 0.15, 15);
    }

    [Fact]
    public void Operations_are_counted_as_they_are_launched()
    {
        JsonElement document = _run.Document("--graph 3 --aggregate 4 -i 5 -b 1K");

        Assert.Equal(3 * 4 * 5, document.GetProperty("results")[0].GetProperty("iterations").GetInt64());
        JsonElement config = document.GetProperty("config");
        Assert.Equal((3, 4), (config.GetProperty("graphLaunches").GetInt32(), config.GetProperty("aggregate").GetInt32()));
    }

    [Fact]
    public void Registered_buffers_and_policies_reach_NCCL()
    {
        _run.Document("--register symmetric --cta-policy efficiency -i 1 -w 1");

        Assert.Equal(2, _run.Reported("window").Count);
        Assert.All(_run.Reported("config.CTAPolicy"), values => Assert.Equal("1", Assert.Single(values)));
    }

    [Fact]
    public void The_log_is_shown_and_read_and_does_not_stay()
    {
        using RunningProcess nperf = _run.Start("--show-transport -v -b 1K -B 1M -S 1024 --algo tree");
        nperf.ExpectSuccess();

        Assert.Matches("(?m)^  network +Socket$", nperf.Output);
        Assert.Matches("(?m)^  connections +ranks 0-1: P2P/CUMEM, 2 channels$", nperf.Output);
        Assert.Equal(
            ["algorithm tree, protocol ll, 1 channel", "algorithm tree, protocol simple, 2 channels"],
            Regex.Matches(nperf.Output, "algorithm .*?channels?").Select(match => match.Value));
        Assert.Empty(nperf.Errors);
    }

    [Fact]
    public void The_users_log_goes_to_standard_error_and_the_document_stays_whole()
    {
        using RunningProcess nperf = _run.Start("--debug -J");
        nperf.ExpectSuccess();

        Assert.Contains("NCCL INFO", nperf.Errors, StringComparison.Ordinal);
        StandInRun.AssertOnGpus(ResultsDocuments.Parse(nperf.Output));
    }

    [Fact]
    public void Options_name_the_GPU()
    {
        JsonElement document = _run.Document("-n 1 --device 1");

        Assert.Equal("rank 0 of 1 on GPU 1", Assert.Single(_run.Reported("init").Single()));
        Assert.Equal(1, document.Ranks());
    }

    [Fact]
    public void The_host_backend_runs_on_a_machine_with_GPUs_where_it_is_asked_for()
    {
        using RunningProcess nperf = NperfBinary.Start("--backend host -J", _run.Environment());
        nperf.ExpectSuccess();

        JsonElement document = ResultsDocuments.Parse(nperf.Output);
        document.AssertCorrect();
        Assert.Equal("host", document.GetProperty("config").GetProperty("backend").GetString());
        Assert.Equal(2, document.Ranks());
        Assert.Empty(document.GetProperty("topology").GetProperty("gpus").EnumerateArray());
    }

    [Theory]
    [InlineData("--transport memory")]
    [InlineData("--transport shm -n 3")]
    public void A_transport_is_that_of_the_host_backend_also_on_a_machine_with_GPUs(string arguments)
    {
        using RunningProcess nperf = NperfBinary.Start(arguments, _run.Environment());
        nperf.ExpectSuccess();

        Assert.Contains("host backend over", nperf.Output, StringComparison.Ordinal);
        Assert.Contains("no NCCL: --transport is the host backend's", nperf.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_NCCL_exchanges_blocks_by_send_and_receive()
    {
        Dictionary<string, string?> environment = _run.Environment();
        environment["NPERF_CUDA_LIB"] = environment["NPERF_NVML_LIB"] = StandInGpu.OldLibrary;
        using RunningProcess nperf = RunningProcess.Start(
            NperfBinary.Path, ["--nccl-lib", StandInGpu.OldLibrary, .. NperfBinary.Split("--op all -b 4K -i 2 -w 1 -J")],
            environment: environment);
        nperf.ExpectSuccess();

        JsonElement document = ResultsDocuments.Parse(nperf.Output);
        StandInRun.AssertOnGpus(document);
        Assert.Equal("2.14.3", document.GetProperty("environment").GetProperty("ncclVersion").GetString());
        Assert.DoesNotContain("ncclAllToAll", _run.CalledSymbols());
        Assert.Contains("ncclSend", _run.CalledSymbols());
    }
}
