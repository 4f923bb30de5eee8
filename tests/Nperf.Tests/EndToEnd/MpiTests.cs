using System.Text.Json;
using System.Text.RegularExpressions;
using NJsonSchema;
using Nperf.Core.Collectives;
using Nperf.Testing;

namespace Nperf.Tests.EndToEnd;

/// <summary>MPI jobs, started by real launchers.</summary>
[Collection(NperfBinaryUse.Name)]
public sealed class MpiTests
{
    private const string Tiny = "--backend host -i 2 -w 1 --timeout 60";

    [Theory]
    [InlineData(MpiJob.OpenMpi, 2)]
    [InlineData(MpiJob.OpenMpi, 3)]
    [InlineData(MpiJob.Mpich, 2)]
    [InlineData(MpiJob.Mpich, 3)]
    public async Task Every_operation_is_right_and_the_document_is_whole(string launcher, int ranks)
    {
        JsonElement document = MpiJob.Document(launcher, ranks, $"{Tiny} --op all -b 1K -B 4K -S 4");

        Assert.False(document.TryGetProperty("error", out JsonElement error), error.ToString());
        Assert.Equal(("mpi", ranks), (document.GetProperty("config").GetProperty("mode").GetString(), document.Ranks()));
        Assert.Equal("shm", document.GetProperty("transports").GetString());
        Assert.Equal(ranks, MpiJob.Processes(document).Distinct().Count());
        JsonElement environment = document.GetProperty("environment");
        Assert.StartsWith(
            launcher == MpiJob.OpenMpi ? "Open MPI " : "MPICH ", environment.GetProperty("mpiVersion").GetString(),
            StringComparison.Ordinal);
        Assert.True(File.Exists(environment.GetProperty("mpiLibrary").GetString()));

        JsonElement[] results = [.. document.GetProperty("results").EnumerateArray()];
        Assert.Equal(
            Operations.All.Where(operation => operation.Refusal(ranks) is null).Select(operation => operation.Name),
            results.Select(result => result.GetProperty("operation").GetString()).Distinct());
        foreach (JsonElement result in results.Where(result => result.GetProperty("operation").GetString() != "barrier"))
            Assert.Equal(0, result.GetProperty("wrong").GetInt64());
        JsonSchema schema = await JsonSchema.FromFileAsync(
            Results.Documents.SchemaPath, TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(document.GetRawText()));
    }

    [Theory]
    [InlineData(MpiJob.OpenMpi)]
    [InlineData(MpiJob.Mpich)]
    public void Eight_ranks_share_two_processors(string launcher)
    {
        JsonElement document = MpiJob.Document(launcher, 8, $"{Tiny} -b 1K -B 4K");
        document.AssertCorrect();
        Assert.Equal([1024, 2048, 4096], document.Sizes());
        Assert.Equal(8, MpiJob.Processes(document).Distinct().Count());
    }

    [Theory]
    [InlineData(MpiJob.OpenMpi, "Open MPI")]
    [InlineData(MpiJob.Mpich, "MPICH")]
    public void One_process_speaks_and_its_first_line_names_the_library(string launcher, string name)
    {
        using RunningProcess job = MpiJob.Start(launcher, 2, $"{Tiny} -g 2 --transport tcp -b 1K -v");
        job.ExpectSuccess(MpiJob.Patience);
        Assert.Matches(
            $@"^nperf [^ ]+: mpi, 4 ranks in 2 processes on 1 host, host backend over tcp, joined by {name} \d", job.Output);
        Assert.Single(Regex.Matches(job.Output, "(?m)^nperf "));
        Assert.Matches(@"(?m)^  MPI library /\S+, started by mpirun$", job.Output);
        Assert.Matches(@"(?m)^  ranks 2-3: \S+ \(local\), process \d+$", job.Output);
        Assert.Matches("(?m)^  wrong results +none", job.Output);
        Assert.DoesNotContain("nperf", job.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libmpi.so.40")]
    [InlineData("libmpich.so.12")]
    public void Without_a_launcher_it_is_a_world_of_one_process_and_says_so(string library)
    {
        string? file = LibraryFile(library);
        Assert.SkipWhen(file is null, $"there is no {library}");
        string output = NperfBinary.Run($"--mpi --mpi-lib {file} {Tiny} -g 2 -b 1K", MpiJob.Patience);
        Assert.Matches("^nperf [^ ]+: mpi, 2 ranks in 1 process on 1 host, host backend over memory, joined by ", output);
        Assert.Contains("note: no MPI launcher started this process", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_topology_is_shown_once()
    {
        using RunningProcess job = MpiJob.Start(MpiJob.OpenMpi, 2, "--topology --timeout 60");
        job.ExpectSuccess(MpiJob.Patience);
        Assert.Single(Regex.Matches(job.Output, "(?m)^Legend:$"));
    }

    [Theory]
    [InlineData(MpiJob.OpenMpi)]
    [InlineData(MpiJob.Mpich)]
    public void Nccl_runs_between_the_processes_each_with_a_GPU_of_its_own(string launcher)
    {
        using var run = new StandInRun();
        JsonElement document = MpiJob.Document(
            launcher, 2, $"--nccl-lib '{StandInGpu.Library}' --op allreduce,alltoall -b 1K -i 2 -w 1 --timeout 60",
            run.Environment());
        StandInRun.AssertOnGpus(document);
        Assert.Equal("mpi", document.GetProperty("config").GetProperty("mode").GetString());
        string?[] gpus =
        [
            .. document.GetProperty("processes").EnumerateArray()
                .Select(process => process.GetProperty("gpus").EnumerateArray().Single().GetString()),
        ];
        Assert.Equal(2, gpus.Distinct().Count());
    }

    /// <summary>A library by the standard's numbers, made here, which passes everything on to MPICH.</summary>
    [Fact]
    public void A_library_with_the_standard_interface_works()
    {
        Assert.SkipWhen(LibraryFile("libmpich.so.12") is null, "there is no libmpich.so.12, Debian package libmpich12");
        using var standard = new StandardMpi();
        JsonElement document = MpiJob.Document(
            MpiJob.Mpich, 2, $"--mpi-lib '{standard.Path}' {Tiny} --op allreduce,gather -b 1K -B 64K -S 64");
        document.AssertCorrect();
        Assert.Equal(2, document.Ranks());
        Assert.Matches(
            @"^MPICH \d\S+ by the standard interface$",
            document.GetProperty("environment").GetProperty("mpiVersion").GetString());
    }

    internal static string? LibraryFile(string name) => new[] { "x86_64-linux-gnu", "aarch64-linux-gnu" }
        .Select(folder => $"/usr/lib/{folder}/{name}").FirstOrDefault(File.Exists);
}
