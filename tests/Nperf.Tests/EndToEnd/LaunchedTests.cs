using System.Globalization;
using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

/// <summary>Processes that a launcher started, with nothing but its environment to find each other by.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class LaunchedTests
{
    private const string Tiny = "--backend host -b 1K -B 4K -i 2 -w 1 --timeout 60";

    [Fact]
    public void Three_processes_of_torchrun_make_one_run_in_their_order()
    {
        using TemporaryFolder folder = new();
        int port = Requirements.UnusedPort();
        List<RunningProcess> processes = [];
        try
        {
            // The server last: the order of starting is not that of the ranks.
            foreach (int rank in new[] { 2, 1, 0 })
            {
                processes.Insert(0, RunningProcess.Start(
                    NperfBinary.Path, [.. NperfBinary.Split($"{Tiny} -J -o"), folder.File("results.json")],
                    environment: Torchrun(rank, 3, port)));
            }

            foreach (RunningProcess process in processes) process.ExpectSuccess(120);
            JsonElement document = ResultsDocuments.Read(folder.File("results.json"));
            document.AssertCorrect();
            Assert.Equal("torchrun", document.GetProperty("config").GetProperty("mode").GetString());
            Assert.Equal(
                processes.Select(process => process.Id),
                document.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("processId").GetInt32()));
            Assert.StartsWith(
                $"started by torchrun: process 0 of 3, server 127.0.0.1 port {port} (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT)\n",
                processes[0].Errors, StringComparison.Ordinal);
            Assert.All(processes[1..], process => Assert.Equal("", process.Output + process.Errors));
        }
        finally
        {
            processes.ForEach(process => process.Dispose());
        }
    }

    [Theory]
    [InlineData("mpirun.openmpi", "openmpi-bin", "--allow-run-as-root --oversubscribe", "OMPI_COMM_WORLD_RANK")]
    [InlineData("mpirun.mpich", "mpich", "", "PMI_RANK")]
    public void Processes_of_mpirun_are_joined_by_mpi_or_by_an_address(string mpirun, string package, string options, string variable)
    {
        Requirements.Program(mpirun, package);
        string[] line = NperfBinary.Split($"{options} -np 2 {NperfBinary.Path} {Tiny}");
        using RunningProcess byMpi = RunningProcess.Start(Requirements.Find(mpirun)!, line);
        byMpi.ExpectSuccess(120);
        Assert.Matches($"(?m)^started by mpirun: process 0 of 2, joined by MPI \\({variable}, ", byMpi.Output);
        Assert.Matches(@": mpi\b.*, 2 ranks in 2 processes on 1 host", Assert.Single(Headers(byMpi)));

        int port = Requirements.UnusedPort();
        using RunningProcess byAddress = RunningProcess.Start(
            Requirements.Find(mpirun)!, line,
            environment: new Dictionary<string, string?> { ["MASTER_ADDR"] = "127.0.0.1", ["MASTER_PORT"] = $"{port}" });
        byAddress.ExpectSuccess(120);
        Assert.Matches($"(?m)^started by mpirun: process 0 of 2, server 127.0.0.1 port {port} \\({variable}, ", byAddress.Output);
        Assert.Contains(": mpirun, 2 ranks in 2 processes on 1 host", Assert.Single(Headers(byAddress)), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_an_environment_stops_every_process_and_names_what_is_missing()
    {
        Dictionary<string, string?> environment = Torchrun(1, 2, 6000);
        environment["WORLD_SIZE"] = null;
        using RunningProcess nperf = NperfBinary.Start(Tiny, environment);
        nperf.ExpectExit(2);
        Assert.Contains("RANK, MASTER_ADDR and MASTER_PORT are set, WORLD_SIZE is missing", nperf.Errors, StringComparison.Ordinal);
        Assert.Empty(nperf.Output);
    }

    [Fact]
    public void Runs_that_would_look_like_one_are_stopped_unless_they_were_asked_for()
    {
        // srun started four copies of torchrun, each of which knows of itself alone.
        Dictionary<string, string?> environment = Torchrun(0, 1, 6000);
        foreach ((string name, string value) in new[]
        {
            ("SLURM_PROCID", "2"), ("SLURM_STEP_NUM_TASKS", "4"), ("SLURM_JOB_ID", "7"), ("SLURM_STEP_ID", "0"), ("SLURM_STEP_NODELIST", "n[1-4]"),
        }) environment[name] = value;
        using RunningProcess nperf = NperfBinary.Start(Tiny, environment);
        nperf.ExpectExit(2);
        Assert.Contains("srun started 4 processes, and torchrun within this one knows nothing of the others", nperf.Errors, StringComparison.Ordinal);

        using RunningProcess local = NperfBinary.Start($"{Tiny} --local -n 2", environment);
        local.ExpectSuccess();
        Assert.Contains("local, 2 ranks", local.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_never_comes_is_missed_by_its_name_within_the_timeout()
    {
        Dictionary<string, string?> environment = Torchrun(1, 2, Requirements.UnusedPort());
        using RunningProcess nperf = NperfBinary.Start("--timeout 2", environment);
        nperf.ExpectExit(1);
        Assert.Matches("^nperf: error: .*no server at 127.0.0.1 port [0-9]+ within 2 s: .*is it running \\(rank 0\\)", nperf.Errors);
    }

    private static IEnumerable<string> Headers(RunningProcess process) =>
        process.Output.Split('\n').Where(line => line.StartsWith("nperf ", StringComparison.Ordinal));

    private static Dictionary<string, string?> Torchrun(int rank, int size, int port) => new()
    {
        ["RANK"] = rank.ToString(CultureInfo.InvariantCulture),
        ["LOCAL_RANK"] = rank.ToString(CultureInfo.InvariantCulture),
        ["WORLD_SIZE"] = size.ToString(CultureInfo.InvariantCulture),
        ["LOCAL_WORLD_SIZE"] = size.ToString(CultureInfo.InvariantCulture),
        ["MASTER_ADDR"] = "127.0.0.1",
        ["MASTER_PORT"] = port.ToString(CultureInfo.InvariantCulture),
    };
}
