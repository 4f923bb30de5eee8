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
    private const int FaultyRank = 1;

    private static readonly RunOptions Everything = new()
    {
        Operations = Operations.All.Where(operation => operation.HasData && operation.Refusal(3) is null)
            .Select(operation => operation.Name).ToArray(),
        DataTypes = DataTypes.All,
        Reductions = Reductions.All,
        MinBytes = 3000,
        MaxBytes = 30_000,
        StepFactor = 10,
        Iterations = 2,
        WarmupIterations = 1,
        Verify = VerifyMode.Each,
    };

    private static readonly RunOptions OfPowersOfTwo = Everything with { Operations = ["hypercube"] };

    [Fact]
    public void Nothing_is_wrong_where_nothing_was_spoilt()
    {
        IReadOnlyList<SizeResult> results = RunAll(Everything, 3, communicator => communicator);
        Assert.All(results, result => Assert.Equal(0, result.Wrong));
        Assert.Equal(Everything.Sizes().Count() * (3 * 5 + 7) * DataTypes.All.Count, results.Count);
        Assert.All(RunAll(OfPowersOfTwo, 4, communicator => communicator), result => Assert.Equal(0, result.Wrong));
    }

    [Fact]
    public void In_place_one_operation_is_checked_however_many_an_iteration_has()
    {
        RunOptions options = Everything with
        {
            Operations = ["allreduce", "reducescatter"],
            InPlace = InPlaceMode.Yes,
            Aggregate = 3,
        };
        Assert.All(RunAll(options, 3, communicator => communicator), result => Assert.Equal(0, result.Wrong));
    }

    [Theory]
    [InlineData(Fault.FlippedBit)]
    [InlineData(Fault.MovedBlock)]
    [InlineData(Fault.SkippedWrite)]
    [InlineData(Fault.StaleBuffer)]
    public void A_planted_fault_is_found_for_every_operation_type_and_reduction_and_named(Fault fault)
    {
        Communicator Spoilt(Communicator communicator) => new PlantedFault(communicator, fault, FaultyRank);
        IEnumerable<SizeResult> results = [.. RunAll(Everything, 3, Spoilt), .. RunAll(OfPowersOfTwo, 4, Spoilt)];
        Assert.All(results, result =>
        {
            Assert.True(result.Wrong > 0, $"{result.Operation} {result.DataType} {result.ReduceOp} {result.Bytes} B");
            RankResult wrong = Assert.Single(result.Ranks, rank => rank.Wrong > 0);
            Assert.NotNull(wrong.FirstWrong);
            Assert.NotEqual(wrong.FirstWrong.Expected, wrong.FirstWrong.Found);
        });
    }

    private static IReadOnlyList<SizeResult> RunAll(
        RunOptions options, int ranks, Func<Communicator, Communicator> change)
    {
        using var abort = new AbortSignal();
        using Control control = Core.Rendezvous.Rendezvous.Local(
            options, new ProcessOptions { RanksPerProcess = ranks }, abort, new SilentObserver());
        Communicator[] communicators = HostFabric.Connect(control, []).Select(change).ToArray();
        var benchmark = new BenchmarkRun(control, communicators, new SilentObserver(), new RunProgress());
        benchmark.Run();
        foreach (Communicator communicator in communicators) communicator.Dispose();
        return benchmark.Results;
    }

    private sealed class SilentObserver : RunObserver;
}
