using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

/// <summary>MPI jobs that go wrong: each ends as a whole, with one cause.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class MpiFaultTests
{
    private const string Endless = "--backend host -b 1K --cycles 0 -i 20 -w 1 --timeout 60";

    [Theory]
    [InlineData(MpiJob.OpenMpi)]
    [InlineData(MpiJob.Mpich)]
    public void A_rank_with_other_options_is_refused_by_name(string launcher)
    {
        using TemporaryFolder folder = new();
        using RunningProcess job = MpiJob.StartEach(
            launcher, $"-b 1K --timeout 60 -J -o '{folder.File("results.json")}'", "-b 1024 -i 20 --timeout 60", "-b 2K --timeout 60");
        job.ExpectExit(2, MpiJob.Patience);
        string message = Assert.Single(MpiJob.ErrorsOf(job));
        Assert.Matches(@"^nperf: error: options differ: --bytes: rank 0 has 1K, rank 2 on \S+ was given 2K", message);
        AssertError(folder.File("results.json"), "optionsDiffer", rank: 2);
    }

    [Theory]
    [InlineData(MpiJob.OpenMpi)]
    [InlineData(MpiJob.Mpich)]
    public void A_rank_that_cannot_begin_ends_all_with_its_cause(string launcher)
    {
        using RunningProcess job = MpiJob.StartEach(launcher, "--timeout 60 -J", "--timeout 60 --interface nosuch0");
        job.ExpectExit(1, MpiJob.Patience);
        Assert.StartsWith("nperf: error: --interface nosuch0: ", Assert.Single(MpiJob.ErrorsOf(job)), StringComparison.Ordinal);
        JsonElement error = ResultsDocuments.Parse(job.Output).GetProperty("error");
        Assert.StartsWith("--interface nosuch0: ", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MpiJob.OpenMpi, "libmpich.so.12", "OMPI_COMM_WORLD_SIZE")]
    [InlineData(MpiJob.Mpich, "libmpi.so.40", "PMI_SIZE")]
    public void The_library_of_another_launcher_does_not_make_as_many_runs_as_processes(
        string launcher, string other, string variable)
    {
        string? file = MpiTests.LibraryFile(other);
        Assert.SkipWhen(file is null, $"there is no {other}");
        using RunningProcess job = MpiJob.Start(launcher, 2, $"--mpi-lib {file} -b 1K --timeout 60");
        job.ExpectExit(2, MpiJob.Patience);
        Assert.NotEmpty(MpiJob.ErrorsOf(job));
        Assert.All(MpiJob.ErrorsOf(job), error =>
        {
            Assert.StartsWith("nperf: error: mpirun started 2 processes (", error, StringComparison.Ordinal);
            Assert.Contains(variable, error, StringComparison.Ordinal);
            Assert.Contains($"the library is not the launcher's", error, StringComparison.Ordinal);
        });
        Assert.Empty(job.Output);
    }

    [Fact]
    public void A_library_that_is_not_there_is_named_and_the_document_says_so()
    {
        using RunningProcess nperf = NperfBinary.Start("--mpi --mpi-lib /nowhere/libmpi.so.40 -J");
        nperf.ExpectExit(1, MpiJob.Patience);
        const string Message = "no MPI library can be used: /nowhere/libmpi.so.40: not there; --mpi-lib names it";
        Assert.StartsWith($"nperf: error: {Message}", nperf.Errors, StringComparison.Ordinal);
        Assert.Equal(Message, ResultsDocuments.Parse(nperf.Output).GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData(MpiJob.OpenMpi)]
    [InlineData(MpiJob.Mpich)]
    public void A_signal_to_one_rank_ends_the_job_in_order(string launcher)
    {
        using RunningProcess job = MpiJob.Start(launcher, 2, Endless);
        int[] processes = MpiJob.WaitForProcesses(job, 2);
        job.WaitForLine(Table.Row1K, MpiJob.Patience);
        RunningProcess.Signal(processes[1], RunningProcess.Terminate);
        job.ExpectExit(143, MpiJob.Patience);
        Assert.Matches(@"^nperf: error: terminated on \S+ \(SIGTERM\)", Assert.Single(MpiJob.ErrorsOf(job)));
        Assert.Contains("stopped early: terminated on ", job.Output, StringComparison.Ordinal);
        ChildProcesses.AssertGone(processes);
    }

    /// <summary>The launchers pass it on to every rank.</summary>
    [Theory]
    [InlineData(MpiJob.OpenMpi)]
    [InlineData(MpiJob.Mpich)]
    public void A_signal_to_mpirun_leaves_a_document(string launcher)
    {
        using TemporaryFolder folder = new();
        // Open MPI gives what it tells to end one second, which a busy machine may need for less.
        var patient = new Dictionary<string, string?> { ["OMPI_MCA_odls_base_sigkill_timeout"] = "5" };
        using RunningProcess job = MpiJob.Start(
            launcher, 2, $"{Endless} --interval 0.1 -J -o '{folder.File("results.json")}'", patient);
        job.WaitForLine("progress: allreduce", MpiJob.Patience);
        job.Signal(RunningProcess.Terminate);
        // MPICH's mpirun sometimes forgets the exit codes then.
        _ = job.WaitForExit(MpiJob.Patience);
        JsonElement document = ResultsDocuments.Read(folder.File("results.json"));
        Assert.Equal("terminated", document.GetProperty("error").GetProperty("code").GetString());
        ChildProcesses.AssertGone(MpiJob.Processes(document));
    }

    [Theory]
    [InlineData(MpiJob.OpenMpi)]
    [InlineData(MpiJob.Mpich)]
    public void A_rank_that_is_killed_takes_all_with_it(string launcher)
    {
        using RunningProcess job = MpiJob.Start(launcher, 3, Endless);
        int[] processes = MpiJob.WaitForProcesses(job, 3);
        RunningProcess.Signal(processes[1], RunningProcess.Kill);
        Assert.NotEqual(0, job.WaitForExit(MpiJob.Patience));
        ChildProcesses.AssertGone(processes);
    }

    [Fact]
    public void A_rank_that_hangs_is_named_and_ended_with_the_others()
    {
        using RunningProcess job = MpiJob.Start(MpiJob.Mpich, 2, Endless.Replace("--timeout 60", "--timeout 10", StringComparison.Ordinal));
        int[] processes = MpiJob.WaitForProcesses(job, 2);
        RunningProcess.Signal(processes[1], RunningProcess.Stop);
        job.ExpectExit(1, MpiJob.Patience);
        Assert.Matches("rank 1 ", Assert.Single(MpiJob.ErrorsOf(job)));
        ChildProcesses.AssertGone(processes);
    }

    [Fact]
    public void A_file_that_cannot_be_written_ends_the_job()
    {
        using RunningProcess job = MpiJob.Start(MpiJob.Mpich, 2, $"{Endless} -o /nowhere/table");
        job.ExpectExit(1, MpiJob.Patience);
        Assert.StartsWith("nperf: error: cannot write to /nowhere/table", Assert.Single(MpiJob.ErrorsOf(job)), StringComparison.Ordinal);
    }

    private static void AssertError(string file, string code, int rank)
    {
        JsonElement error = ResultsDocuments.Read(file).GetProperty("error");
        Assert.Equal((code, rank), (error.GetProperty("code").GetString(), error.GetProperty("rank").GetInt32()));
    }
}
