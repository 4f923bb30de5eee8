using Nperf.Core.NcclBackend;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.NcclBackend;

public sealed class GpuAssignmentTests
{
    [Fact]
    public void Ranks_of_a_process_take_its_GPUs_in_their_order()
    {
        Assert.Equal(["A", "B", "C"], Assign(Offers.World(("node1", 3)), Offers.Of("A", "B", "C", "D")));
    }

    [Fact]
    public void Processes_of_one_machine_take_different_GPUs()
    {
        NcclOffer all = Offers.Of("A", "B", "C");

        Assert.Equal(["A", "B", "C"], Assign(Offers.World(("node1", 1), ("node1", 1), ("node1", 1)), all, all, all));
    }

    [Fact]
    public void Each_host_has_GPUs_of_its_own_also_where_they_are_called_the_same()
    {
        NcclOffer both = Offers.Of("A", "B");

        Assert.Equal(
            ["A", "B", "A", "B"],
            Assign(Offers.World(("node1", 1), ("node1", 1), ("node2", 2)), both, both, both));
    }

    [Fact]
    public void What_a_process_may_not_see_is_not_given_to_it()
    {
        World world = Offers.World(("node1", 1), ("node1", 1));

        // CUDA_VISIBLE_DEVICES numbers GPUs anew: both are the number 0 of their process.
        Assert.Equal(["B", "A"], Assign(world, Offers.Of("B"), Offers.Of("A")));
        Assert.Equal(["B", "A"], Assign(world, Offers.Of("B", "A"), Offers.Of("A", "B")));
        IReadOnlyList<RankGpu> gpus = GpuAssignment.Of(world, [Offers.Of("B"), Offers.Of("B", "A")]);
        Assert.Equal([(0, 0), (1, 1)], gpus.Select(one => (one.Rank, one.Gpu.Index)));
    }

    [Fact]
    public void Who_names_a_GPU_gets_it_before_others_choose()
    {
        NcclOffer all = Offers.Of("A", "B", "C");

        Assert.Equal(
            ["B", "C", "A"],
            Assign(Offers.World(("node1", 2), ("node1", 1)), all, all with { FirstDevice = 0 }));
        Assert.Equal(["B", "C"], Assign(Offers.World(("node1", 2)), all with { FirstDevice = 1 }));
    }

    [Fact]
    public void One_GPU_for_two_ranks_is_refused_by_both_ranks_and_its_name()
    {
        World world = Offers.World(("node1", 1), ("node1", 1));
        NcclOffer first = Offers.Of("GPU-1", "GPU-2") with { FirstDevice = 1 };

        RunException refused = Refused(world, first, Offers.Of("GPU-2") with { FirstDevice = 0 });

        Assert.Equal(
            "ranks 0 and 1 would share one GPU of node1 (A GPU, GPU-2); give each its own with --device or CUDA_VISIBLE_DEVICES",
            refused.Message);
        Assert.Equal(("node1", "choosing GPUs"), (refused.Failure.Host, refused.Failure.Step));
    }

    [Fact]
    public void Too_few_GPUs_are_refused_by_rank_host_and_what_there_is()
    {
        NcclOffer one = Offers.Of("A");

        RunException refused = Refused(Offers.World(("node1", 1), ("node2", 1), ("node2", 1)), one, one, one);

        Assert.Equal(
            "rank 2 on node2 has no GPU left: 2 ranks there, and the process sees 1 GPU, number 0; start fewer (-n, -g), or "
            + "--backend host",
            refused.Message);
        Assert.Equal(2, refused.Failure.Rank);
        Assert.Contains("sees 2 GPUs, 0 to 1;", Refused(Offers.World(("node1", 3)), Offers.Of("A", "B")).Message);
    }

    [Fact]
    public void A_number_that_no_GPU_has_is_refused()
    {
        RunException refused = Refused(Offers.World(("node1", 2)), Offers.Of("A", "B") with { FirstDevice = 1 });

        Assert.Equal("--device: there is no GPU 2 for rank 1 on node1; the process sees 2 GPUs, 0 to 1", refused.Message);
    }

    private static string[] Assign(World world, params NcclOffer[] offers)
    {
        IReadOnlyList<RankGpu> gpus = GpuAssignment.Of(world, offers);
        Assert.Equal(Enumerable.Range(0, world.Size), gpus.Select(one => one.Rank));
        return [.. gpus.Select(one => one.Gpu.Uuid)];
    }

    private static RunException Refused(World world, params NcclOffer[] offers) =>
        Assert.Throws<RunException>(() => GpuAssignment.Of(world, offers));
}
