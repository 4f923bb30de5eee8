using System.Text.Json;
using NJsonSchema;
using Nperf.Testing;

namespace Nperf.Tests.EndToEnd;

/// <summary>The stand-in fails or hangs: the run ends soon, with one line that says what and where, and leaves nothing.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class NcclFaultTests : IDisposable
{
    private const string Everything = "--op allreduce,alltoall,hypercube --graph 2 --register symmetric";

    // What is called to find out what there is: without NCCL being asked for, a run then takes the host backend.
    private static readonly string[] OfDiscovery =
    [
        "cuInit", "cuDriverGetVersion", "cuDeviceGetCount", "cuDeviceGet", "cuDeviceGetName", "cuDeviceTotalMem_v2",
        "cuDeviceGetPCIBusId", "cuDeviceGetUuid", "ncclGetVersion",
    ];

    private static readonly string[] OfRuns =
    [
        "cuDevicePrimaryCtxRetain", "cuCtxSetCurrent", "cuStreamCreate", "cuDeviceGetAttribute", "cuMemAlloc_v2",
        "cuMemsetD8Async", "cuModuleLoadDataEx", "cuModuleGetFunction", "cuMemcpyHtoD_v2", "cuStreamSynchronize",
        "cuMemGetInfo_v2", "cuStreamQuery", "cuLaunchKernel", "cuMemcpyDtoH_v2", "cuMemcpyDtoDAsync_v2", "cuEventCreate",
        "cuEventRecordWithFlags", "cuEventElapsedTime", "cuEventDestroy_v2", "cuStreamBeginCapture_v2",
        "cuStreamEndCapture", "cuGraphInstantiateWithFlags", "cuGraphUpload", "cuGraphLaunch", "cuGraphDestroy",
        "cuGraphExecDestroy", "ncclGetUniqueId", "ncclCommInitRankConfig", "ncclMemAlloc", "ncclCommWindowRegister",
        "ncclAllReduce", "ncclAlltoAll", "ncclGroupStart", "ncclGroupEnd", "ncclSend", "ncclRecv", "ncclCommGetAsyncError",
        "ncclCommWindowDeregister", "ncclMemFree", "ncclCommDestroy", "cuMemFree_v2", "cuModuleUnload",
        "cuStreamDestroy_v2", "cuDevicePrimaryCtxRelease_v2",
    ];

    private readonly StandInRun _run = new();

    public static TheoryData<string, int, string> Failures
    {
        get
        {
            var data = new TheoryData<string, int, string>();
            foreach (string symbol in OfRuns) data.Add(symbol, 1, "processes");
            // The second call is that of another rank, or a later one.
            foreach (string symbol in OfRuns.Except(["ncclGetUniqueId"])) data.Add(symbol, 2, "threads");
            return data;
        }
    }

    public static TheoryData<string> Discovery => [.. OfDiscovery];

    public void Dispose() => _run.Dispose();

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_call_that_fails_ends_the_run_by_its_name_rank_and_GPU(string symbol, int call, string kind)
    {
        using RunningProcess nperf = _run.Start(
            $"{Everything} --ranks-in {kind} -i 2 -w 1 -b 1K -J", ("STANDIN_FAIL", $"{symbol}:{call}:2"));
        JsonElement error = await FailsAlone(nperf);

        string text = symbol.StartsWith("nccl", StringComparison.Ordinal)
            ? @"unhandled system error \(2\): stand-in: told to fail"
            : @"out of memory \(CUDA_ERROR_OUT_OF_MEMORY, 2\)";
        Assert.Matches($@"^rank [01] \(\S+, GPU [01]\): {symbol}( of \w+)? failed: {text}$", error.GetProperty("message").GetString());
        Assert.Equal("error", error.GetProperty("code").GetString());
        Assert.InRange(error.GetProperty("rank").GetInt32(), 0, 1);
    }

    [Theory]
    [MemberData(nameof(Discovery))]
    public async Task What_fails_in_finding_out_what_there_is_ends_a_run_that_wants_NCCL(string symbol)
    {
        using RunningProcess nperf = _run.Start("--backend nccl -J", ("STANDIN_FAIL", $"{symbol}:1:2"));
        JsonElement error = await FailsAlone(nperf);

        Assert.Matches($@"^--backend nccl: \S+ misses .*\b{symbol} failed: .*\); nperf doctor says more$", error.GetProperty("message").GetString());
    }

    [Fact]
    public void No_symbol_that_a_run_calls_is_forgotten_here()
    {
        _run.Document($"{Everything} -i 2 -w 1");

        // One whose failure changes nothing, and what tells of the topology, which may be unknown.
        Assert.Empty(_run.CalledSymbols().Where(symbol => !symbol.StartsWith("nvml", StringComparison.Ordinal))
            .Except([.. OfRuns, .. OfDiscovery, "ncclResetDebugInit"]));
    }

    [Theory]
    [InlineData("processes")]
    [InlineData("threads")]
    public async Task An_error_that_NCCL_reports_later_ends_the_run_by_its_rank(string kind)
    {
        using RunningProcess nperf = _run.Start($"--ranks-in {kind} -b 1K -J", ("STANDIN_ASYNC_ERROR", "14:6:1"));
        JsonElement error = await FailsAlone(nperf);

        Assert.Matches(
            @"^rank 1 \(\S+, GPU 1\): NCCL reports remote process exited or there was a network error \(6\): stand-in: told to fail$",
            error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("ncclCommInitRankConfig:1:1", "processes", @"rank [01] \(\S+, GPU [01]\): NCCL did not connect all ranks within 2 s")]
    [InlineData("ncclCommInitRankConfig:1:1", "threads", @"rank [01] \(\S+, GPU [01]\): NCCL did not connect all ranks within 2 s")]
    [InlineData("ncclGetUniqueId:1", "threads", @"rank 0 \(\S+, GPU 0\): ncclGetUniqueId did not return within 2 s")]
    [InlineData("nvmlInit_v2:2", "threads", @"the CUDA driver or NVML of \S+ did not tell its topology within 2 s")]
    [InlineData("cuMemGetInfo_v2:1", "threads", "nothing has moved for 2 s: ranks 0-1 on .* are allocating buffers")]
    [InlineData("cuInit:1", "threads", @"the CUDA driver of \S+ did not answer within 2 s")]
    [InlineData("ncclAllReduce:25:1", "processes", "waited 2 s for .* and it did not end: .*: ranks 0-1 on .* are ")]
    [InlineData("ncclAllReduce:25:1", "threads", "waited 2 s for .* and it did not end: .*: ranks 0-1 on .* are ")]
    [InlineData("ncclCommWindowRegister:1:1", "processes", @"rank 1 .*; rank 1 on \S+ is allocating buffers")]
    [InlineData("ncclCommWindowRegister:1:1", "threads", @"rank 1 .*; rank 1 on \S+ is allocating buffers")]
    [InlineData("ncclCommDestroy:1:1", "threads", "a communicator was not released within 2 s")]
    [InlineData("ncclCommDestroy:1:1", "processes", @"rank 1 on \S+ did not reach leaving within 2 s|a communicator was not released")]
    public async Task What_hangs_is_given_up_after_the_timeout(string call, string kind, string message)
    {
        using RunningProcess nperf = _run.Start(
            $"--ranks-in {kind} --register symmetric --timeout 2 -b 1K -J", ("STANDIN_HANG", call));
        JsonElement error = await FailsAlone(nperf);

        Assert.Equal("timeout", error.GetProperty("code").GetString());
        Assert.Matches($"^({message})", error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("ncclAllReduce:25:1,ncclCommAbort:1", "processes")]
    [InlineData("ncclAllReduce:25:1,ncclCommAbort:1", "threads")]
    [InlineData("cuMemcpyDtoH_v2:1", "threads")]
    public async Task What_does_not_even_end_when_it_is_aborted_keeps_no_process(string calls, string kind)
    {
        using RunningProcess nperf = _run.Start($"--ranks-in {kind} --timeout 1 -b 1K -J", ("STANDIN_HANG", calls));
        JsonElement error = await FailsAlone(nperf);

        Assert.Equal("timeout", error.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("ncclCommWindowRegister:2", true)]
    [InlineData("cuLaunchKernel:1", true)]
    [InlineData("ncclAllReduce:30", false)]
    [InlineData("cuMemcpyDtoH_v2:1", false)]
    public async Task In_socket_mode_both_sides_say_which_call_of_which_rank_failed(string call, bool onServer)
    {
        (string Name, string Value)[] fault = [("STANDIN_FAIL", $"{call}:2")];
        using RunningProcess server = _run.Start("-s -p 0 -n 1 --backend nccl --register symmetric -b 1K -J", onServer ? fault : []);
        using RunningProcess client = _run.Start($"-c 127.0.0.1 -p {NperfBinary.ListeningPort(server)}", onServer ? [] : fault);
        JsonElement error = await FailsAlone(server);
        client.ExpectExit(1);

        int rank = onServer ? 0 : 1;
        string symbol = call[..call.IndexOf(':', StringComparison.Ordinal)];
        Assert.Matches($@"^rank {rank} \(\S+, GPU {rank}\): {symbol} failed: ", error.GetProperty("message").GetString());
        Assert.Equal(rank, error.GetProperty("rank").GetInt32());
        Assert.Equal(Environment.MachineName, error.GetProperty("host").GetString());
        Assert.NotEqual("", error.GetProperty("step").GetString());
        string line = Assert.Single(client.Errors.Split('\n'), one => one.StartsWith("nperf: error:", StringComparison.Ordinal));
        Assert.StartsWith($"nperf: error: {error.GetProperty("message").GetString()}", line);
    }

    [Theory]
    [InlineData("ncclCommWindowRegister:2")]
    [InlineData("cuEventCreate:2")]
    [InlineData("cuLaunchKernel:3")]
    [InlineData("ncclAllReduce:30")]
    public async Task A_run_that_fails_gives_all_memory_of_its_GPUs_back(string call)
    {
        using RunningProcess nperf = _run.Start(
            "--ranks-in threads --register symmetric -b 1K -J", ("STANDIN_FAIL", $"{call}:2"));
        await FailsAlone(nperf);

        Assert.Equal("0", Assert.Single(Assert.Single(_run.Reported("memory.left"))));
    }

    /// <summary>An update of the system in the middle of a job: the library that was looked at is the one that is used.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("no library")]
    public void A_library_that_is_gone_or_another_file_once_it_was_found_changes_nothing(string? instead)
    {
        using TemporaryFolder folder = new();
        string library = folder.File("libnccl.so.2");
        File.Copy(StandInGpu.Library, library);
        Dictionary<string, string?> environment = _run.Environment();
        environment["NPERF_CUDA_LIB"] = environment["NPERF_NVML_LIB"] = library;
        using RunningProcess server = RunningProcess.Start(
            NperfBinary.Path, [.. NperfBinary.Split("-s -p 0 -n 1 -b 1K -J --nccl-lib"), library], environment: environment);
        int port = NperfBinary.ListeningPort(server);
        File.Delete(library);
        if (instead is not null) File.WriteAllText(library, instead);
        using RunningProcess client = _run.Start($"-c 127.0.0.1 -p {port}");

        client.ExpectSuccess();
        server.ExpectSuccess();
        StandInRun.AssertOnGpus(ResultsDocuments.Parse(server.Output));
    }

    [Fact]
    public void Without_a_place_for_temporary_files_only_what_NCCL_does_is_not_known()
    {
        Dictionary<string, string?> environment = _run.Environment();
        environment["TMPDIR"] = "/nowhere";
        using RunningProcess nperf = RunningProcess.Start(
            NperfBinary.Path, ["--nccl-lib", StandInGpu.Library, "-b", "1K", "-J"], environment: environment);
        nperf.ExpectSuccess();

        JsonElement document = ResultsDocuments.Parse(nperf.Output);
        StandInRun.AssertOnGpus(document);
        Assert.Contains(
            document.GetProperty("notes").EnumerateArray(),
            note => note.GetString()!.StartsWith("what NCCL does is not known: no file for its log can be made in /nowhere", StringComparison.Ordinal));
    }

    [Fact]
    public void An_interrupted_run_lets_go_of_its_GPUs()
    {
        using RunningProcess nperf = _run.Start("--cycles 0 -b 1K -i 10");
        nperf.WaitForLine(Table.Row1K);
        int[] members = ChildProcesses.Wait(nperf.Id, 1);
        nperf.Signal(RunningProcess.Interrupt);
        nperf.ExpectExit(130);
        ChildProcesses.AssertGone(members);
        Assert.Contains("ncclCommAbort", _run.CalledSymbols());
    }

    // The error of the document of a run that ends with code 1 and one line.
    private async Task<JsonElement> FailsAlone(RunningProcess nperf)
    {
        nperf.ExpectExit(1);
        string[] lines = [.. nperf.Errors.Split('\n').Where(line => line.StartsWith("nperf: error:", StringComparison.Ordinal))];
        Assert.True(lines.Length == 1, nperf.Describe());
        JsonSchema schema = await JsonSchema.FromFileAsync(Results.Documents.SchemaPath, TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(nperf.Output));
        JsonElement document = ResultsDocuments.Parse(nperf.Output);
        _run.AssertNothingIsLeft(document);
        JsonElement error = document.GetProperty("error");
        Assert.StartsWith($"nperf: error: {error.GetProperty("message").GetString()}", lines[0]);
        return error;
    }
}
