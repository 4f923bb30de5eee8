using Nperf.Core.Benchmarking;
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
