using System.Text.Json;

namespace Nperf.Tests.EndToEnd;

/// <summary>The collectives of real MPI libraries, checked as nperf's own are.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class MpiBackendTests
{
    /// <summary>Ranks outnumber processors where tests run: their waits take turns.</summary>
    private const int Seconds = 240;

    // MPICH 4.0 crashes in a reduce in place whose root is not the first rank (its issue 6540).
    [Theory]
    [InlineData(MpiJob.OpenMpi, 2, "--in-place both --root all")]
    [InlineData(MpiJob.OpenMpi, 3, "--in-place both --root all")]
    [InlineData(MpiJob.Mpich, 2, "--root all")]
    [InlineData(MpiJob.Mpich, 3, "--in-place both")]
    public void Every_operation_ends_with_the_right_values_in_place_and_not(string launcher, int ranks, string how)
    {
        JsonElement document = Document(launcher, ranks, $"--op all {how} -b 64 -B 4K -S 64 -i 2 -w 1");

        AssertCorrect(document);
        Assert.Equal(ranks, document.Ranks());
        Assert.Equal("mpi", document.GetProperty("config").GetProperty("backend").GetString());
        int operations = Results(document, "operation").Distinct().Count();
        Assert.Equal(ranks == 2 ? 12 : 11, operations);
        string library = launcher == MpiJob.OpenMpi ? "Open MPI" : "MPICH";
        Assert.StartsWith(
            library, document.GetProperty("environment").GetProperty("mpiVersion").GetString(), StringComparison.Ordinal);
    }

    // MPICH 4.0 takes unsigned integers for signed where it looks for the smallest or largest (its issue 6083): nperf says so,
    // of the only type whose pattern has the highest bit.
    [Theory]
    [InlineData(MpiJob.OpenMpi, "all", "all")]
    [InlineData(MpiJob.Mpich, "all", "sum,prod")]
    [InlineData(MpiJob.Mpich, "float32,float64,int8,int32,uint32,int64,uint64", "all")]
    public void Every_type_and_reduction_of_MPI_is_exact(string launcher, string types, string reductions)
    {
        JsonElement document = Document(
            launcher, 2, $"--op allreduce,reduce,reducescatter --dtype {types} --redop {reductions} -b 512 -i 1 -w 0");

        AssertCorrect(document);
        Assert.Equal(types == "all" ? 8 : 7, Results(document, "dataType").Distinct().Count());
        Assert.Equal(reductions == "all" ? 4 : 2, Results(document, "reduceOp").Distinct().Count());
    }

    [Theory]
    [InlineData(MpiJob.OpenMpi)]
    [InlineData(MpiJob.Mpich)]
    public void Groups_run_by_themselves_several_operations_an_iteration(string launcher)
    {
        JsonElement document = Document(
            launcher, 4, "--split mod:2 --op allreduce,gather --root 1 --aggregate 2 --sync barrier -b 256 -i 2 -w 0");

        AssertCorrect(document);
        Assert.Equal([256, 256], document.Sizes());
        Assert.All(
            document.GetProperty("results").EnumerateArray(), result => Assert.Equal(4, result.GetProperty("iterations").GetInt64()));
    }

    [Theory]
    [InlineData(MpiJob.OpenMpi)]
    [InlineData(MpiJob.Mpich)]
    public void A_rank_that_dies_leaves_nobody_behind(string launcher)
    {
        using RunningProcess job = MpiJob.Start(launcher, 2, "--backend mpi --timeout 120 -b 1K -B 64K -S 64 -i 2 --cycles 0");
        int[] processes = MpiJob.WaitForProcesses(job, 2);
        job.WaitForLine(Table.Row1K, Seconds);

        RunningProcess.Signal(processes[1], RunningProcess.Kill);

        Assert.NotEqual(0, job.WaitForExit(Seconds));
        ChildProcesses.AssertGone(processes);
    }

    /// <summary>A barrier has nothing to check.</summary>
    private static void AssertCorrect(JsonElement document)
    {
        Assert.False(document.TryGetProperty("error", out JsonElement error), error.ToString());
        foreach (JsonElement result in document.GetProperty("results").EnumerateArray())
        {
            JsonElement wrong = result.GetProperty("wrong");
            if (result.GetProperty("operation").GetString() == "barrier") Assert.Equal(JsonValueKind.Null, wrong.ValueKind);
            else Assert.Equal(0, wrong.GetInt64());
        }
    }

    private static JsonElement Document(string launcher, int ranks, string arguments)
    {
        using RunningProcess job = MpiJob.Start(launcher, ranks, $"--backend mpi --timeout 120 -J {arguments}");
        job.ExpectSuccess(Seconds);
        return ResultsDocuments.Parse(job.Output);
    }

    private static IEnumerable<string?> Results(JsonElement document, string field) =>
        document.GetProperty("results").EnumerateArray().Select(result => result.GetProperty(field).GetString());
}
