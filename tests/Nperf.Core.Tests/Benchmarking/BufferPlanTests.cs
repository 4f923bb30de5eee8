using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Options;

namespace Nperf.Core.Tests.Benchmarking;

public class BufferPlanTests
{
    private static readonly int[] WorldSizes = [1, 2, 3, 5, 8];

    [Fact]
    public void Every_place_of_every_size_lies_within_the_memory_of_its_rank_and_their_number_is_the_same_everywhere()
    {
        foreach (int worldSize in WorldSizes)
        {
            var options = new RunOptions
            {
                Operations = Operations.All.Select(operation => operation.Name).ToArray(),
                DataTypes = DataTypes.All,
                Roots = [],
                MinBytes = 1,
                MaxBytes = 5000,
                StepFactor = 3,
                InPlace = InPlaceMode.Both,
            };
            IReadOnlyList<SectionPlan> sections = SectionPlan.All(options, worldSize);
            var plan = new BufferPlan(sections, worldSize);
            foreach (SectionPlan section in sections)
            {
                foreach (long size in section.Sizes)
                {
                    int element = section.DataType.Size();
                    long count = section.Collective.CountFor(size, element, worldSize);
                    long slots = plan.Slots(section, count, 0).Count;
                    for (int rank = 0; rank < worldSize; rank++)
                    {
                        SlotLayout layout = plan.Slots(section, count, rank);
                        Assert.Equal(slots, layout.Count);
                        if (section.InPlace)
                        {
                            CheckInPlace(plan, section, count, rank, worldSize, layout);
                            continue;
                        }

                        long send = section.Collective.SendCount(count, worldSize, rank, section.Root) * element;
                        long receive = section.Collective.ReceiveCount(count, worldSize, rank, section.Root) * element;
                        Assert.True((layout.Count - 1) * layout.SendStride + send <= plan.SendBytes(rank));
                        Assert.True((layout.Count - 1) * layout.ReceiveStride + receive <= plan.ReceiveBytes(rank));
                        Assert.True(layout.SendStride >= send && layout.ReceiveStride >= receive);
                    }
                }
            }
        }
    }

    private static void CheckInPlace(
        BufferPlan plan, SectionPlan section, long count, int rank, int worldSize, SlotLayout layout)
    {
        int element = section.DataType.Size();
        InPlace place = section.Collective.InPlaceOf(count, worldSize, rank, section.Root);
        long end = element * Math.Max(
            place.SendOffset + section.Collective.SendCount(count, worldSize, rank, section.Root),
            place.ReceiveOffset + section.Collective.ReceiveCount(count, worldSize, rank, section.Root));
        long memory = place.InReceiveBuffer ? plan.ReceiveBytes(rank) : plan.SendBytes(rank);
        Assert.Equal(layout.SendStride, layout.ReceiveStride);
        Assert.True(layout.SendStride >= end);
        Assert.True((layout.Count - 1) * layout.SendStride + end <= memory);
    }

    [Fact]
    public void In_place_alone_only_one_memory_is_needed()
    {
        IReadOnlyList<SectionPlan> sections = SectionPlan.All(
            new RunOptions { Operations = ["allreduce"], MaxBytes = 1 << 20, InPlace = InPlaceMode.Yes }, worldSize: 2);
        var plan = new BufferPlan(sections, worldSize: 2);
        Assert.Equal((0, 1 << 20), (plan.SendBytes(1), plan.ReceiveBytes(1)));
    }

    [Fact]
    public void A_small_size_takes_many_places_and_the_largest_one()
    {
        IReadOnlyList<SectionPlan> sections =
            SectionPlan.All(new RunOptions { MinBytes = 8, MaxBytes = 1 << 20 }, worldSize: 2);
        var plan = new BufferPlan(sections, worldSize: 2);
        Assert.Equal((1 << 20) / 128, plan.Slots(sections[0], count: 2, rank: 0).Count);
        Assert.Equal(1, plan.Slots(sections[0], count: 1 << 18, rank: 0).Count);
    }

    [Fact]
    public void A_rank_that_receives_nothing_has_no_receive_memory()
    {
        IReadOnlyList<SectionPlan> sections =
            SectionPlan.All(new RunOptions { Operations = ["gather"], MaxBytes = 1 << 20 }, worldSize: 4);
        var plan = new BufferPlan(sections, worldSize: 4);
        Assert.Equal(1 << 20, plan.ReceiveBytes(0));
        Assert.Equal(0, plan.ReceiveBytes(1));
        Assert.Equal(1 << 18, plan.SendBytes(1));
    }
}
