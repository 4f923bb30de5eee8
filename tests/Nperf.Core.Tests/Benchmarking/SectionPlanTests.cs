using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.Benchmarking;

public class SectionPlanTests
{
    [Fact]
    public void Lists_multiply_where_an_operation_has_what_they_list()
    {
        var options = new RunOptions
        {
            Operations = ["allreduce", "reduce", "broadcast", "alltoall", "barrier"],
            DataTypes = [DataType.Float32, DataType.Int8],
            Reductions = [Reduction.Sum, Reduction.Max, Reduction.Avg],
            Roots = [0, 2],
        };
        ILookup<string, SectionPlan> byName =
            SectionPlan.All(options, worldSize: 3).ToLookup(section => section.Collective.Name);
        Assert.Equal(2 * 3, byName["allreduce"].Count());
        Assert.Equal(2 * 3 * 2, byName["reduce"].Count());
        Assert.Equal(2 * 2, byName["broadcast"].Count());
        Assert.Equal(2, byName["alltoall"].Count());
        Assert.Single(byName["barrier"]);
        Assert.Equal([0L], byName["barrier"].Single().Sizes);
    }

    [Fact]
    public void No_root_named_means_every_rank()
    {
        IReadOnlyList<SectionPlan> sections =
            SectionPlan.All(new RunOptions { Operations = ["broadcast"], Roots = [] }, worldSize: 3);
        Assert.Equal([0, 1, 2], sections.Select(section => section.Root));
    }

    [Fact]
    public void A_root_that_is_no_rank_is_refused_by_name()
    {
        var refused = Assert.Throws<RunException>(() =>
            SectionPlan.All(new RunOptions { Operations = ["broadcast"], Roots = [0, 4] }, worldSize: 3));
        Assert.Equal("--root: 4 is not a rank; with 3 ranks they are 0 to 2", refused.Message);
        Assert.Equal(FailureKind.Usage, refused.Failure.Kind);
    }

    [Fact]
    public void What_cannot_be_run_among_so_many_ranks_is_refused_when_named_and_left_out_of_all()
    {
        var named = new RunOptions { Operations = ["allreduce", "hypercube"] };
        var refused = Assert.Throws<RunException>(() => SectionPlan.All(named, worldSize: 3));
        Assert.Equal("--op: hypercube needs a power of two ranks, and there are 3", refused.Message);
        Assert.Equal(FailureKind.Usage, refused.Failure.Kind);
        Assert.Equal(2, SectionPlan.All(named, worldSize: 4).Count);

        var all = new RunOptions { Operations = [.. Operations.All.Select(operation => operation.Name)] };
        Assert.Equal(Operations.All.Count - 1, SectionPlan.All(all, worldSize: 3).Count);
        Assert.Equal(Operations.All.Count, SectionPlan.All(all, worldSize: 4).Count);
    }

    [Theory]
    [InlineData(InPlaceMode.No, "allreduce int8 sum|allreduce float16 sum|gather int8 root 0|gather float16 root 0")]
    [InlineData(InPlaceMode.Yes, "allreduce int8 sum in place|allreduce float16 sum in place"
        + "|gather int8 root 0 in place|gather float16 root 0 in place")]
    [InlineData(InPlaceMode.Both, "allreduce int8 sum|allreduce float16 sum"
        + "|allreduce int8 sum in place|allreduce float16 sum in place"
        + "|gather int8 root 0|gather float16 root 0|gather int8 root 0 in place|gather float16 root 0 in place")]
    public void An_operation_runs_apart_before_it_runs_in_place(InPlaceMode mode, string sections)
    {
        var options = new RunOptions
        {
            Operations = ["allreduce", "gather"],
            DataTypes = [DataType.Int8, DataType.Float16],
            InPlace = mode,
        };
        Assert.Equal(sections, string.Join('|', SectionPlan.All(options, worldSize: 2)));
    }

    [Fact]
    public void What_cannot_be_in_place_is_refused_where_all_has_to_be_and_else_runs_apart()
    {
        var options = new RunOptions { Operations = ["allreduce", "alltoall"], InPlace = InPlaceMode.Both };
        Assert.Equal(
            [false, true, false], SectionPlan.All(options, worldSize: 2).Select(section => section.ToSection(1).InPlace));
        var refused = Assert.Throws<RunException>(
            () => SectionPlan.All(options with { InPlace = InPlaceMode.Yes }, worldSize: 2));
        Assert.Equal("--in-place: alltoall cannot run in place", refused.Message);
        Assert.Equal(FailureKind.Usage, refused.Failure.Kind);
    }

    [Fact]
    public void A_matrix_without_a_size_runs_its_own_bytes_once_and_other_operations_all_sizes()
    {
        var options = new RunOptions
        {
            Operations = ["alltoall", "alltoallv"],
            DataTypes = [DataType.Float32, DataType.Int8],
            Traffic = new TrafficMatrix([[0, 10], [3, 0]]),
            UnscaledTraffic = true,
            MaxBytes = 4096,
        };
        ILookup<string, SectionPlan> byName =
            SectionPlan.All(options, worldSize: 2).ToLookup(section => section.Collective.Name);
        Assert.All(byName["alltoall"], section => Assert.Equal([1024L, 2048, 4096], section.Sizes));
        Assert.All(byName["alltoallv"], section => Assert.Equal([10L], section.Sizes));
        Assert.Equal([2L, 10], byName["alltoallv"].Select(section => section.Collective.CountFor(10, section.DataType.Size(), 2)));

        SectionPlan scaled = SectionPlan.All(options with { UnscaledTraffic = false }, worldSize: 2)[^1];
        Assert.Equal([1024L, 2048, 4096], scaled.Sizes);
    }

    [Fact]
    public void A_matrix_that_the_ranks_cannot_run_is_refused_by_name()
    {
        Assert.Equal(
            "--traffic: the matrix has 2 rows, and there are 3 ranks; it needs a row and a column for each",
            Refusal(new TrafficMatrix([[0, 1], [1, 0]])));
        Assert.Equal(
            "--traffic: the first 3 ranks of the matrix send each other nothing",
            Refusal(new TrafficMatrix([[0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])));
        Assert.Equal(
            "--traffic: nothing in it is as large as an element of 4 bytes; name a size with -b",
            Refusal(new TrafficMatrix([[0, 1, 0], [3, 0, 0], [1, 0, 2]])));

        static string Refusal(TrafficMatrix matrix) => Assert.Throws<RunException>(() => SectionPlan.All(
            new RunOptions { Operations = ["alltoallv"], Traffic = matrix, UnscaledTraffic = true }, worldSize: 3)).Message;
    }

    [Fact]
    public void Sizes_multiply_or_add_and_end_with_the_largest_that_fits()
    {
        Assert.Equal([1024L, 2048, 4096], new RunOptions { MinBytes = 1024, MaxBytes = 4096 }.Sizes());
        Assert.Equal([8L, 12, 18, 27], new RunOptions { MinBytes = 8, MaxBytes = 30, StepFactor = 1.5 }.Sizes());
        Assert.Equal([8L, 18, 28], new RunOptions { MinBytes = 8, MaxBytes = 30, StepBytes = 10 }.Sizes());
        Assert.Equal([1L, 2, 3, 4], new RunOptions { MinBytes = 1, MaxBytes = 4, StepFactor = 1.1 }.Sizes());
        Assert.Equal([long.MaxValue / 2 - 1], new RunOptions
        {
            MinBytes = long.MaxValue / 2 - 1,
            MaxBytes = long.MaxValue / 2 - 1,
        }.Sizes());
    }
}
