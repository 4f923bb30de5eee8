using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;

namespace Nperf.Core.Tests.Benchmarking;

/// <summary>Whole runs of three ranks over every operation, type, reduction: right ones pass, spoilt ones never do.</summary>
public class VerificationInRunTests
{
    private const int Ranks = 3, FaultyRank = 1;

    private static readonly RunOptions Everything = new()
    {
        Operations = Operations.All.Where(operation => operation.HasData).Select(operation => operation.Name).ToArray(),
        DataTypes = DataTypes.All,
        Reductions = Reductions.All,
        MinBytes = 3000,
        MaxBytes = 30_000,
        StepFactor = 10,
        Iterations = 2,
        WarmupIterations = 1,
        Verify = VerifyMode.Each,
    };

    [Fact]
    public void Nothing_is_wrong_where_nothing_was_spoilt() =>
        Assert.All(RunAll(communicator => communicator), result => Assert.Equal(0, result.Wrong));

    [Theory]
    [InlineData(Fault.FlippedBit)]
    [InlineData(Fault.MovedBlock)]
    [InlineData(Fault.SkippedWrite)]
    [InlineData(Fault.StaleBuffer)]
    public void A_planted_fault_is_found_for_every_operation_type_and_reduction_and_named(Fault fault)
    {
        IReadOnlyList<SizeResult> results = RunAll(communicator => new PlantedFault(communicator, fault, FaultyRank));
        Assert.All(results, result =>
        {
            Assert.True(result.Wrong > 0, $"{result.Operation} {result.DataType} {result.ReduceOp} {result.Bytes} B");
            RankResult wrong = Assert.Single(result.Ranks, rank => rank.Wrong > 0);
            Assert.NotNull(wrong.FirstWrong);
            Assert.NotEqual(wrong.FirstWrong.Expected, wrong.FirstWrong.Found);
        });
    }

    private static IReadOnlyList<SizeResult> RunAll(Func<Communicator, Communicator> change)
    {
        using var abort = new AbortSignal();
        using Control control = Core.Rendezvous.Rendezvous.Local(
            Everything, new ProcessOptions { RanksPerProcess = Ranks }, abort, new SilentObserver());
        Communicator[] communicators = HostFabric.Connect(control, null).Select(change).ToArray();
        var benchmark = new Benchmark(control, communicators, new SilentObserver(), new RunProgress());
        benchmark.Run();
        foreach (Communicator communicator in communicators) communicator.Dispose();
        Assert.Equal(Everything.Sizes().Count() * (3 * 5 + 6) * DataTypes.All.Count, benchmark.Results.Count);
        return benchmark.Results;
    }

    private sealed class SilentObserver : RunObserver;
}
