using System.Globalization;
using System.Text.Json;
using Nperf.Testing;

namespace Nperf.Tests.EndToEnd;

/// <summary>What cannot run on GPUs is refused by name, with exit code 1 and before anything is measured.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class NcclRefusalTests : IDisposable
{
    private readonly StandInRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("-n 3", @"rank 2 on \S+ has no GPU left: 3 ranks there, and the process sees 2 GPUs, 0 to 1; start fewer \(-n, -g\), or --backend host")]
    [InlineData("-n 2 --device 1", @"--device: there is no GPU 2 for rank 1 on \S+; the process sees 2 GPUs, 0 to 1")]
    public void More_than_there_is_is_refused(string arguments, string message)
    {
        using RunningProcess nperf = _run.Start(arguments);
        Refused(nperf, message);
    }

    [Fact]
    public void A_root_beyond_the_GPUs_is_a_mistake_of_the_command_line()
    {
        using RunningProcess nperf = _run.Start("--op broadcast --root 2");
        Refused(nperf, "--root: 2 is not a rank; with 2 ranks they are 0 to 1", code: 2);
        Assert.Empty(nperf.Output);
    }

    [Fact]
    public void NCCL_without_a_driver_is_refused_by_what_is_missing_where()
    {
        using RunningProcess nperf = NperfBinary.Start("--backend nccl", WithoutDriver());
        Refused(nperf, @"--backend nccl: \S+ misses a CUDA driver; nperf doctor says more");
    }

    [Theory]
    [InlineData("--algo tree --graph", "--algo, --graph: NCCL's alone, and this run is on the host backend")]
    [InlineData("--device 0", "--device: NCCL's alone, and this run is on the host backend")]
    [InlineData("--nccl-lib /nowhere/libnccl.so.2", "--nccl-lib: NCCL's alone, and this run is on the host backend")]
    [InlineData("-g all", @"-g all: this process finds no GPU to use: a CUDA driver is missing")]
    public void What_only_NCCL_has_is_refused_where_there_is_no_driver(string arguments, string message)
    {
        using RunningProcess nperf = NperfBinary.Start(arguments, WithoutDriver());
        Refused(nperf, message);
    }

    [Theory]
    [InlineData("--register local", "--register local needs NCCL 2.19 or newer, and this is 2.14.3")]
    [InlineData("--register symmetric", "--register symmetric needs NCCL 2.27 or newer, and this is 2.14.3")]
    [InlineData("--cta-policy zero", "--cta-policy zero needs NCCL 2.28 or newer, and this is 2.14.3")]
    [InlineData("--dtype float8e5m2", "--dtype: 8-bit floating point needs NCCL 2.24 or newer, and this is 2.14.3")]
    public void What_an_old_NCCL_has_not_is_refused(string arguments, string message)
    {
        Dictionary<string, string?> environment = _run.Environment();
        environment["NPERF_CUDA_LIB"] = environment["NPERF_NVML_LIB"] = StandInGpu.OldLibrary;
        using RunningProcess nperf = RunningProcess.Start(
            NperfBinary.Path, ["--nccl-lib", StandInGpu.OldLibrary, .. NperfBinary.Split(arguments)], environment: environment);
        Refused(nperf, message);
    }

    [Fact]
    public void Sizes_that_do_not_fit_the_GPU_are_refused_and_what_is_named_instead_fits()
    {
        (string, string) memory = ("STANDIN_MEMORY", $"{600 << 20}");
        using RunningProcess refused = _run.Start("-b 1M -B 64M -S 64", memory);
        Refused(refused, @"the buffers of rank [01] on \S+, 128.0 MiB, do not fit into [0-9.]+ MiB of free memory of GPU [01] \(Stand-in GPU\)");

        string largest = refused.WaitForLine(@"a largest size \(-B\) of (\d+)M would").Groups[1].Value;
        Assert.InRange(int.Parse(largest, CultureInfo.InvariantCulture), 40, 44);
        JsonElement document = _run.Document($"-b {largest}M -i 1 -w 0", memory);
        Assert.Equal([long.Parse(largest, CultureInfo.InvariantCulture) << 20], document.Sizes());
    }

    private Dictionary<string, string?> WithoutDriver() => _run.Environment(("NPERF_CUDA_LIB", "/nowhere/libcuda.so.1"));

    private static void Refused(RunningProcess nperf, string message, int code = 1)
    {
        nperf.ExpectExit(code);
        string line = Assert.Single(nperf.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Matches($"^nperf: error: {message}", line);
    }
}
