using System.Globalization;
using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

/// <summary>nperf as tasks of a real Slurm, on hosts of their own.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class SlurmTests(SlurmCluster slurm) : IClassFixture<SlurmCluster>
{
    private const double Seconds = 120;
    private const string Tiny = "--op allreduce -b 1K -B 4K -i 2 -w 1 --timeout 60";

    [Fact]
    public void Tasks_of_three_nodes_make_one_run_in_their_order()
    {
        using RunningProcess srun = slurm.Start("srun", NperfBinary.Split($"-N3 -n4 {NperfBinary.Path} {Tiny} -J"));
        srun.ExpectSuccess(Seconds);
        JsonElement document = ResultsDocuments.Parse(srun.Output);
        document.AssertCorrect();
        Assert.Equal("srun", document.GetProperty("config").GetProperty("mode").GetString());
        Assert.Equal(
            ["node1 10.99.0.1", "node1 10.99.0.1", "node2 10.99.0.2", "node3 10.99.0.3"],
            document.GetProperty("processes").EnumerateArray()
                .Select(process => $"{process.GetProperty("host")} {process.GetProperty("address")}"));
        Assert.Matches("(?m)^started by srun: process 0 of 4, server node1 port 2[0-8][0-9]{3} \\(SLURM_PROCID, ", srun.Errors);
    }

    [Fact]
    public void Sruns_variables_for_mpi_do_not_hide_it()
    {
        using RunningProcess srun = slurm.Start(
            "srun", NperfBinary.Split($"--mpi=pmi2 -N1 -n2 {NperfBinary.Path} {Tiny}"));
        srun.ExpectSuccess(Seconds);
        Assert.Matches("^started by srun: process 0 of 2, server 127.0.0.1 port ", srun.Output);
        Assert.Contains(": srun, 2 ranks in 2 processes on 1 host, ", srun.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_parts_of_a_heterogeneous_job_are_one_run()
    {
        string nperf = $"{NperfBinary.Path} {Tiny}";
        using RunningProcess srun = slurm.Start("srun", NperfBinary.Split($"-N1 -n2 {nperf} : -N1 -n1 {nperf}"));
        srun.ExpectSuccess(Seconds);
        Assert.Contains(": srun, 3 ranks in 3 processes on 2 hosts, ", srun.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_script_runs_locally_what_it_does_not_start_by_srun()
    {
        using (RunningProcess ready = slurm.Start("sinfo")) ready.ExpectSuccess(Seconds);
        File.WriteAllText(slurm.File("job.sh"), $"""
            #!/bin/sh
            #SBATCH --nodes=2
            #SBATCH --ntasks-per-node=2
            {NperfBinary.Path} --local --backend host {Tiny} -n 3 | grep ranks
            {NperfBinary.Path} --backend host {Tiny} -n 3 | grep ranks
            srun {NperfBinary.Path} --backend host {Tiny} | grep ranks
            """);
        using RunningProcess test = slurm.Start("sbatch", "--test-only", slurm.File("job.sh"));
        test.ExpectSuccess(Seconds);

        using RunningProcess sbatch = slurm.Start("sbatch", "--wait", $"--output={slurm.File("job.out")}", slurm.File("job.sh"));
        sbatch.ExpectSuccess(Seconds);
        string[] headers = [.. File.ReadLines(slurm.File("job.out")).Where(line => line.StartsWith("nperf ", StringComparison.Ordinal))];
        Assert.Equal(3, headers.Length);
        Assert.Contains("local, 3 ranks in 1 process on 1 host", headers[0], StringComparison.Ordinal);
        Assert.Contains("local, 3 ranks in 1 process on 1 host", headers[1], StringComparison.Ordinal);
        Assert.Contains("srun, 4 ranks in 4 processes on 2 hosts", headers[2], StringComparison.Ordinal);
    }

    [Fact]
    public void The_batch_script_for_CPU_memory_runs_on_the_nodes_that_it_is_given()
    {
        using (RunningProcess ready = slurm.Start("sinfo")) ready.ExpectSuccess(Seconds);
        string script = Path.Combine(NperfBinary.Root, "deploy", "slurm", "nperf.sbatch");
        using RunningProcess test = slurm.Start("sbatch", "--test-only", "--nodes=3", script);
        test.ExpectSuccess(Seconds);

        string output = slurm.File("batch.json");
        using RunningProcess sbatch = slurm.Start(
            "sbatch", ["--wait", "--nodes=3", "--output=/dev/null", script, .. NperfBinary.Split(Tiny), "-J", "-o", output]);
        sbatch.ExpectSuccess(Seconds);
        JsonElement document = ResultsDocuments.Read(output);
        document.AssertCorrect();
        Assert.Equal(
            ["node1", "node2", "node3"],
            document.GetProperty("processes").EnumerateArray().Select(process => process.GetProperty("host").GetString()));
    }

    [Fact]
    public void The_batch_script_for_GPUs_asks_for_what_Slurm_can_give()
    {
        string script = Path.Combine(NperfBinary.Root, "deploy", "slurm", "nperf-gpu.sbatch");
        using RunningProcess test = slurm.Start("sbatch", "--test-only", script);
        test.ExpectSuccess(Seconds);
        using RunningProcess tooMany = slurm.Start("sbatch", "--test-only", "--gpus-per-node=9", script);
        Assert.NotEqual(0, tooMany.WaitForExit(Seconds));
    }

    [Fact]
    public void A_task_that_is_killed_ends_the_step_by_its_name()
    {
        using RunningProcess srun = slurm.Start(
            "srun", NperfBinary.Split($"-N3 -n3 {NperfBinary.Path} --op allreduce -b 1K -i 10 --cycles 0 --timeout 60"));
        int killed = int.Parse(
            srun.WaitForLine("rank 1: node2 .*, process ([0-9]+)", Seconds).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        srun.WaitForLine(Table.Row1K, Seconds);
        RunningProcess.Signal(killed, RunningProcess.Kill);
        Assert.NotEqual(0, srun.WaitForExit(Seconds));
        Assert.Contains("rank 1 on node2 (10.99.0.2) was lost", srun.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_tasks_environment_stops_all_tasks()
    {
        using RunningProcess srun = slurm.Start(
            "srun", NperfBinary.Split($"-N2 -n2 env -u SLURM_STEP_NODELIST {NperfBinary.Path} {Tiny}"));
        srun.ExpectExit(2, Seconds);
        Assert.Equal(2, srun.Errors.Split('\n').Count(line => line.Contains("SLURM_STEP_NODELIST is missing", StringComparison.Ordinal)));
        Assert.Empty(srun.Output);
    }
}
