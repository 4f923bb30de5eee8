using Nperf.Core.Data;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.Options;

public sealed class RunOptionsTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(1023, "1023")]
    [InlineData(1024, "1K")]
    [InlineData(1536, "1536")]
    [InlineData(1 << 20, "1M")]
    [InlineData(1025 << 10, "1025K")]
    [InlineData(3L << 30, "3G")]
    [InlineData(2048L << 40, "2048T")]
    public void A_size_is_written_in_its_largest_whole_unit(long bytes, string text) =>
        Assert.Equal(text, RunOptionsText.Size(bytes));

    [Fact]
    public void Every_option_has_one_canonical_text()
    {
        RunOptions options = new()
        {
            Operations = ["allreduce", "barrier"],
            DataTypes = [DataType.BFloat16],
            Reductions = [Reduction.Avg, Reduction.Min],
            Roots = [],
            Spread = 0.5,
            Split = new Split(SplitKind.And, 7),
            InPlace = InPlaceMode.Both,
            MaxBytes = 1 << 30,
            StepFactor = 1.5,
            Seconds = 0.25,
            Precision = 0.01,
            VerifyTolerance = 1e-5,
            Verify = VerifyMode.Each,
            Transport = Transport.Shm,
            Streams = 4,
            TcpCongestion = "bbr",
            Algorithm = "nvls",
            Wait = WaitMode.Block,
            GraphLaunches = 3,
            Register = Registration.Symmetric,
            CtaPolicy = CtaPolicy.Zero,
        };
        Assert.Equal(
            [
                "--op=allreduce,barrier", "--pattern=collectives", "--dtype=bfloat16", "--redop=avg,min", "--root=all", "--spread=0.5", "--traffic=none",
                "--split=and:7", "--in-place=both",
                "--bytes=1K", "--max-bytes=1G", "--step=1.5", "--step-bytes=0", "--iters=20", "--warmup=5", "--time=0.25",
                "--omit=0", "--precision=0.01", "--cycles=1", "--verify=each", "--verify-tolerance=1E-05", "--backend=auto", "--transport=shm",
                "--streams=4", "--tcp-congestion=bbr",
                "--algo=nvls", "--algo-table=none", "--wait=block", "--proto=auto", "--graph=3", "--aggregate=1", "--register=symmetric", "--cta-policy=zero",
                "--sync=none", "--topology=off",
            ],
            RunOptionsText.Names.Select(name => $"{name}={RunOptionsText.Of(options, name)}"));
        Assert.Null(RunOptionsText.Of(options, "--timeout"));
    }

    [Fact]
    public void A_table_of_algorithms_is_told_from_others_in_few_words()
    {
        string Text(params AlgorithmRule[] rules) =>
            RunOptionsText.Of(new RunOptions { AlgorithmTable = new AlgorithmRules(rules) }, "--algo-table")!;
        AlgorithmRule rule = new("allreduce", 2, 196608, "ring");

        Assert.Equal("allreduce 2 192K ring", rule.ToString());
        Assert.Equal("allreduce any any ring", (rule with { UpToRanks = AlgorithmRule.AnyRanks, UpToBytes = AlgorithmRule.AnyBytes }).ToString());
        Assert.Matches("^1:[0-9a-f]{16}$", Text(rule));
        Assert.Equal(Text(rule), Text(rule with { }));
        Assert.NotEqual(Text(rule), Text(rule with { UpToRanks = 3 }));
    }

    [Fact]
    public void A_matrix_is_told_from_others_in_few_words()
    {
        string Text(params long[][] rows) =>
            RunOptionsText.Of(new RunOptions { Traffic = new TrafficMatrix(rows) }, "--traffic")!;

        Assert.Matches("^2x2:[0-9a-f]{16}$", Text([0, 1], [2, 0]));
        Assert.Equal(Text([0, 1], [2, 0]), Text([0, 1], [2, 0]));
        Assert.NotEqual(Text([0, 1], [2, 0]), Text([0, 2], [1, 0]));
    }
}
