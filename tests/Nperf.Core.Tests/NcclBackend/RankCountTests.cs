using Nperf.Core.NcclBackend;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.NcclBackend;

public sealed class RankCountTests
{
    private static readonly NcclOffer ThreeGpus = Offers.Of("A", "B", "C");

    [Theory]
    [InlineData(ProcessOptions.RanksByDefault, -1, 3)]
    [InlineData(ProcessOptions.RankForEachGpu, -1, 3)]
    [InlineData(ProcessOptions.RanksByDefault, 1, 2)]
    [InlineData(ProcessOptions.RankForEachGpu, 2, 1)]
    [InlineData(ProcessOptions.RanksByDefault, 7, 1)]
    [InlineData(2, -1, 2)]
    [InlineData(5, -1, 5)]
    public void On_GPUs_there_is_a_rank_for_each_from_the_first_on_unless_a_number_is_named(int asked, int device, int ranks)
    {
        ProcessOptions resolved = Resolve(asked, ThreeGpus with { FirstDevice = device });

        Assert.Equal(ranks, resolved.RanksPerProcess);
        Assert.Equal(ranks > 1 ? RanksIn.Processes : RanksIn.Threads, resolved.RanksIn);
    }

    [Theory]
    [InlineData(ProcessOptions.RanksByDefault, 2)]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    public void On_the_host_backend_a_local_run_has_two_ranks_in_threads(int asked, int ranks)
    {
        ProcessOptions resolved = Resolve(asked, NcclOffer.None);

        Assert.Equal((ranks, RanksIn.Threads), (resolved.RanksPerProcess, resolved.RanksIn));
    }

    [Theory]
    [InlineData(nameof(RanksIn.Threads))]
    [InlineData(nameof(RanksIn.Processes))]
    public void What_ranks_live_in_is_as_asked(string name)
    {
        RanksIn kind = Enum.Parse<RanksIn>(name);
        Assert.Equal(kind, Resolve(2, ThreeGpus, kind).RanksIn);
        Assert.Equal(kind, Resolve(2, NcclOffer.None, kind).RanksIn);
    }

    [Fact]
    public void A_rank_for_each_GPU_needs_one()
    {
        var refused = Assert.Throws<RunException>(
            () => Resolve(ProcessOptions.RankForEachGpu, new NcclOffer { Missing = ["a CUDA driver", "a libnccl"] }));

        Assert.Equal(
            "-g all: this process finds no GPU to use: a CUDA driver and a libnccl is missing; nperf doctor says more",
            refused.Message);
    }

    private static ProcessOptions Resolve(int ranks, NcclOffer offer, RanksIn kind = RanksIn.Auto) =>
        RankCount.Resolve(new ProcessOptions { RanksPerProcess = ranks, RanksIn = kind }, offer);
}
