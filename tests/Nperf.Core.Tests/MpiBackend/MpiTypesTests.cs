using Nperf.Core.Benchmarking;
using Nperf.Core.Data;
using Nperf.Core.Options;
using Nperf.Core.Results;

namespace Nperf.Core.Tests.MpiBackend;

public class MpiTypesTests
{
    private static readonly RunOptions Everything = new()
    {
        Backend = Backend.Mpi,
        Operations = ["allreduce", "allgather"],
        DataTypes = DataTypes.All,
        Reductions = Reductions.All,
    };

    [Fact]
    public void All_is_what_MPI_has_and_the_notes_say_what_it_has_not()
    {
        IReadOnlyList<SectionPlan> sections = SectionPlan.All(Everything, worldSize: 2);

        Assert.Equal((8 * 4) + 8, sections.Count);
        Assert.DoesNotContain(sections, section => section.DataType is DataType.Float16 or DataType.BFloat16);
        Assert.DoesNotContain(sections, section => section.Reduction == Reduction.Avg);
        IReadOnlyList<string> notes = RunNotes.Of(world: null, self: null, fabric: null, [], Everything);
        Assert.Equal(
            ["left out: MPI has no float16, bfloat16, float8e4m3, float8e5m2", "left out: MPI has no avg"], notes);
    }

    [Fact]
    public void Other_backends_leave_nothing_out() => Assert.Equal(
        (12 * 5) + 12, SectionPlan.All(Everything with { Backend = Backend.Host }, worldSize: 2).Count);
}
