using Nperf.Core.Benchmarking;
using Nperf.Core.Host;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;
using Nperf.Core.Stragglers;
using Nperf.Core.Tests.Benchmarking;

namespace Nperf.Core.Tests.Stragglers;

/// <summary>Whole runs of four ranks, one of which does something else for a while in each operation.</summary>
public class StragglerInRunTests
{
    private const int Late = 2;

    [Theory]
    [InlineData("allreduce")]
    [InlineData("allgather")]
    [InlineData("alltoall")]
    public void A_rank_that_comes_late_is_named_and_waits_least(string operation)
    {
        SizeResult result = Run(operation, out World world);

        StragglerSection one = Assert.Single(StragglerTest.Of([result], world)!);
        Assert.Equal((Late, false), (one.Rank, one.Sending));
        Assert.Equal(Late, result.Ranks.MinBy(rank => rank.Waiting)!.Rank);
    }

    [Fact]
    public void With_a_root_ranks_have_different_work_and_are_not_judged()
    {
        Assert.Null(Run("broadcast", out World world).Lateness);
        Assert.Equal(4, world.Size);
    }

    private static SizeResult Run(string operation, out World world)
    {
        var options = new RunOptions { Operations = [operation], MinBytes = 4096, MaxBytes = 4096, Iterations = 30 };
        using var abort = new AbortSignal();
        using Control control = Core.Rendezvous.Rendezvous.Local(
            options, new ProcessOptions { RanksPerProcess = 4 }, abort, new SilentObserver());
        Communicator[] communicators =
            [.. HostFabric.Connect(control, []).Select(one => one.Rank == Late ? new LateRankCommunicator(one) : (Communicator)one)];
        var run = new BenchmarkRun(control, communicators, new SilentObserver(), new RunProgress());
        run.Run();
        foreach (Communicator communicator in communicators) communicator.Dispose();
        world = control.World;
        return run.Results.Single();
    }

    private sealed class SilentObserver : RunObserver;

    /// <summary>Does something else before it takes part.</summary>
    private sealed class LateRankCommunicator(Communicator inner) : WrappedCommunicator(inner)
    {
        private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(15);

        public override void Execute(in CollectiveCall call)
        {
            Thread.Sleep(Delay);
            base.Execute(call);
        }
    }
}
