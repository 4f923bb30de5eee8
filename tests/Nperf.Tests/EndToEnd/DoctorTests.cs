using Nperf.Testing;

namespace Nperf.Tests.EndToEnd;

[Collection(NperfBinaryUse.Name)]
public sealed class DoctorTests
{
    private const string StandIn = """
        int ncclGetVersion(int *version) { *version = 22809; return 0; }
        const char *ncclGetErrorString(int status) { return "no error"; }
        """;

    [Fact]
    public void A_machine_without_a_GPU_can_run_the_host_backend_and_is_told_what_is_missing()
    {
        Assert.SkipWhen(Path.Exists("/proc/driver/nvidia"), "this machine has an NVIDIA driver");

        string report = NperfBinary.Run("doctor");

        Assert.Matches("(?m)^  libcuda.so.1 +not found: ", report);
        Assert.Matches("(?m)^  GPUs +none$", report);
        Assert.Matches("(?m)^  NCCL +no: missing a CUDA driver that works", report);
        Assert.Matches("(?m)^  host backend +yes, as on every Linux", report);
        Assert.Matches("(?m)^  by itself +a run takes the host backend$", report);
    }

    [Fact]
    public void The_machine_itself_is_described_in_lines_without_trailing_spaces()
    {
        string report = NperfBinary.Run("doctor");

        foreach (string label in new[]
        {
            "nperf", "processor", "allowed processors", "memory", "/dev/shm", "locked memory", "open files",
            "TCP congestion", "lo", "kernel module", "libcuda.so.1", "libnvidia-ml.so.1", "libnccl.so.2",
            "libmpi.so.40", "libmpi.so.12", "libmpi_abi.so.1", "libmpi_abi.so.0",
        })
            Assert.Matches($@"(?m)^  {label} +\S", report);
        Assert.All(report.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void As_many_files_may_be_open_as_the_user_may_have()
    {
        using RunningProcess nperf = RunningProcess.Start(
            "/bin/sh", ["-c", "ulimit -Sn 128; ulimit -Hn; exec \"$0\" doctor", NperfBinary.Path]);

        nperf.ExpectSuccess();
        string most = nperf.Output.Split('\n')[0];
        Assert.Matches($@"(?m)^  open files +{most}\b", nperf.Output);
    }

    [Fact]
    public void Every_place_is_named_where_a_libnccl_was_looked_for()
    {
        var environment = new Dictionary<string, string?> { ["NCCL_HOME"] = "/nowhere/nccl" };
        using RunningProcess nperf = RunningProcess.Start(NperfBinary.Path, ["doctor"], environment: environment);

        nperf.ExpectSuccess();

        Assert.Matches("(?m)^  looked in +/nowhere/nccl/lib/libnccl.so.2: not there$", nperf.Output);
        Assert.Matches("(?m)^ +the system's loader, with LD_LIBRARY_PATH: ", nperf.Output);
    }

    [Fact]
    public void A_libnccl_that_is_named_and_not_there_is_no_failure()
    {
        string report = NperfBinary.Run("doctor --nccl-lib /nowhere/libnccl.so.2");

        Assert.Matches("(?m)^  libnccl.so.2 +not found$", report);
        Assert.Matches("(?m)^  looked in +/nowhere/libnccl.so.2: not there$", report);
        Assert.DoesNotContain("the system's loader", report, StringComparison.Ordinal);
    }

    [Fact]
    public void The_drivers_libraries_can_be_named_by_the_environment()
    {
        using TemporaryFolder folder = new();
        string library = StandInLibrary(folder);
        var environment = new Dictionary<string, string?>
        {
            ["NPERF_CUDA_LIB"] = library,
            ["NPERF_NVML_LIB"] = "/nowhere/nvml.so",
        };
        using RunningProcess nperf = RunningProcess.Start(NperfBinary.Path, ["doctor"], environment: environment);

        nperf.ExpectSuccess();

        Assert.Matches($"(?m)^  libcuda.so.1 +{library}.*there is no symbol cuInit in it", nperf.Output);
        Assert.Matches("(?m)^  libnvidia-ml.so.1 +not found: ", nperf.Output);
    }

    [Fact]
    public void A_libnccl_that_is_named_is_taken_with_its_version()
    {
        using TemporaryFolder folder = new();
        string library = StandInLibrary(folder);
        using RunningProcess nperf = RunningProcess.Start(NperfBinary.Path, ["doctor", "--nccl-lib", library]);
        nperf.ExpectSuccess();

        Assert.Matches($"(?m)^  libnccl.so.2 +{library}$", nperf.Output);
        Assert.Matches("(?m)^  version +2.28.9$", nperf.Output);
        Assert.Matches($"(?m)^  looked in +{library}: taken$", nperf.Output);
    }

    [Fact]
    public void A_machine_with_GPUs_and_NCCL_runs_them_by_itself()
    {
        using RunningProcess nperf = RunningProcess.Start(
            NperfBinary.Path, ["doctor", "--nccl-lib", StandInGpu.Library], environment: StandInGpu.Environment());
        nperf.ExpectSuccess();

        Assert.Matches("(?m)^  GPU 1 +Stand-in GPU, 4.00 GiB, ", nperf.Output);
        Assert.Matches("(?m)^  host backend +yes, as on every Linux", nperf.Output);
        Assert.Matches("(?m)^  NCCL +yes: NCCL 2.28.9 on 2 GPUs$", nperf.Output);
        Assert.Matches("(?m)^  by itself +a run takes NCCL where every process has it", nperf.Output);
    }

    [Fact]
    public void Other_options_are_refused()
    {
        using RunningProcess nperf = NperfBinary.Start("doctor -n 2");
        nperf.ExpectExit(2);
        Assert.Contains("-n: has nothing to do with nperf doctor", nperf.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_that_cannot_be_written_is_a_failure()
    {
        using RunningProcess nperf = RunningProcess.Start("sh", ["-c", $"'{NperfBinary.Path}' doctor >/dev/full"]);
        nperf.ExpectExit(1);
        Assert.Contains("cannot write to standard output", nperf.Errors, StringComparison.Ordinal);
    }

    private static string StandInLibrary(TemporaryFolder folder)
    {
        Requirements.Program("gcc", "gcc");
        string library = folder.File("libnccl-stand-in.so");
        File.WriteAllText(folder.File("nccl.c"), StandIn);
        using RunningProcess gcc = RunningProcess.Start(
            "gcc", ["-shared", "-fPIC", "-o", library, folder.File("nccl.c")]);
        gcc.ExpectSuccess();
        return library;
    }
}
