using Nperf.Arguments;
using Nperf.Core.Results;
using Nperf.Reports;
using Nperf.Tests.Results;

namespace Nperf.Tests.Reports;

public class RepeatCommandTests
{
    [Theory]
    [InlineData("local", 1, "NCCL_DEBUG=INFO nperf -n 2 OPTIONS")]
    [InlineData("local", 2, "NCCL_DEBUG=INFO nperf -n 2 --ranks-in processes OPTIONS")]
    [InlineData("server", 2, "NCCL_DEBUG=INFO nperf -s -n 1 OPTIONS\nNCCL_DEBUG=INFO nperf -c node1 OPTIONS")]
    [InlineData("mpi", 2, "NCCL_DEBUG=INFO mpirun -np 2 nperf --mpi OPTIONS")]
    [InlineData("srun", 2, "NCCL_DEBUG=INFO srun -N 2 -n 2 nperf OPTIONS")]
    [InlineData("torchrun", 2, "NCCL_DEBUG=INFO torchrun --nnodes 2 --nproc-per-node 1 --no-python nperf OPTIONS")]
    public void It_starts_as_the_run_was_started(string mode, int processes, string expected)
    {
        const string Options = "--op allreduce,barrier --split mod:2 --in-place both -B 1M --backend host";
        ResultsDocument document = Documents.Complete();
        document = document with
        {
            Config = document.Config with { Mode = mode },
            Processes = processes == 1 ? [document.Processes[0] with { Ranks = [0, 1] }] : document.Processes,
        };

        Assert.Equal(expected.Replace("OPTIONS", Options, StringComparison.Ordinal), RepeatCommand.Of(document));
    }

    [Fact]
    public void Nperf_reads_it_as_what_was_asked_for()
    {
        ConfigSection config = Documents.Complete().Config with
        {
            Operation = "alltoallv",
            Spread = 0.25,
            MinBytes = 1000,
            MaxBytes = 3 << 20,
            StepFactor = 1.5,
            Seconds = 0.5,
            OmitSeconds = 0.1,
            WarmupIterations = 3,
            Verify = "each",
            VerifyTolerance = 1e-5,
            Backend = "host",
            Algorithm = "pairwise",
            Wait = "yield",
            Aggregate = 4,
            Sync = "op",
            Split = null,
        };
        string command = RepeatCommand.Of(Documents.Complete() with { Config = config with { Mode = "local" } });
        ParsedCommand parsed = CommandLine.Parse(command.Split("nperf ")[1].Split(' '));

        Assert.Empty(parsed.Errors);
        Assert.Equal((0.25, 1000, 3 << 20, 1.5), (parsed.Run.Spread, parsed.Run.MinBytes, parsed.Run.MaxBytes, parsed.Run.StepFactor));
        Assert.Equal((0.5, 0.1, 3, 1e-5), (parsed.Run.Seconds, parsed.Run.OmitSeconds, parsed.Run.WarmupIterations, parsed.Run.VerifyTolerance));
        Assert.Equal(("pairwise", 4, "Yield", "Op"), (parsed.Run.Algorithm, parsed.Run.Aggregate, $"{parsed.Run.Wait}", $"{parsed.Run.Sync}"));
    }

    [Fact]
    public void Pairs_of_ranks_have_the_options_that_go_with_them()
    {
        ResultsDocument document = Documents.Complete() with { Pairs = Documents.Pairs };
        document = document with { Config = document.Config with { Mode = "local", Pattern = "pairs", Seconds = 0.1, InPlace = "no", Split = null } };
        string command = RepeatCommand.Of(document);

        Assert.EndsWith("nperf -n 2 --ranks-in processes --pattern pairs -b 4M -t 0.1 --backend host", command, StringComparison.Ordinal);
        Assert.Empty(CommandLine.Parse(command.Split("nperf ")[1].Split(' ')).Errors);
    }

    [Fact]
    public void What_a_document_says_stays_one_word_of_the_shell()
    {
        ResultsDocument document = Documents.Complete();
        document = document with
        {
            Config = document.Config with { Operation = "a; rm -rf ~\n$(id)" },
            Environment = document.Environment with { Variables = new Dictionary<string, string> { ["NCCL_IB_HCA"] = "x; id", ["NPERF_X"] = "1" } },
        };

        Assert.Contains("NCCL_IB_HCA='x; id' nperf -s", RepeatCommand.Of(document), StringComparison.Ordinal);
        Assert.Contains("--op 'a; rm -rf ~ $(id)' ", RepeatCommand.Of(document), StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_which_files_are_lacking()
    {
        ResultsDocument document = Documents.Complete();

        Assert.Empty(RepeatCommand.Lacking(document));
        document = document with { Config = document.Config with { HasTraffic = true, AlgorithmTable = ["allreduce any any ring"] } };
        Assert.Equal("It needs a file with the lines of --algo-table: allreduce any any ring and the file of --traffic.", RepeatCommand.Lacking(document));
    }
}
