using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.NcclBackend;
using Nperf.Core.NcclLog;

namespace Nperf.Core.Tests.NcclBackend;

public sealed class NcclChoicesTests
{
    private const int Ranks = 2;

    private static readonly Collective AllReduce = Operations.Find("allreduce")!, AllToAll = Operations.Find("alltoall")!;

    [Fact]
    public void A_choice_is_known_for_the_call_that_it_was_told_of_wherever_its_buffers_lie()
    {
        CollectiveCall small = Call(AllReduce, 256), large = Call(AllReduce, 1 << 20), messages = Call(AllToAll, 256);
        NcclChoices choices = NcclChoices.Of(
            [small, messages, large],
            new NcclActivity
            {
                Choices =
                [
                    new NcclChoice("AllReduce", 4, "tree", "ll", new NcclChannels(0, 0)),
                    new NcclChoice("AllReduce", 1024, "tree", "ll", new NcclChannels(0, 1)),
                    new NcclChoice("AllReduce", 4 << 20, "nvls", "simple", null),
                ],
            },
            Ranks);

        Assert.Equal(new CollectiveChoice("tree", "ll", 2), choices.For(small with { Send = 4096, Receive = 8192 }));
        Assert.Equal(new CollectiveChoice("nvls", "simple"), choices.For(large));
        Assert.Equal(default, choices.For(messages));
        Assert.Equal(default, choices.For(Call(AllReduce, 512)));
        Assert.Equal(default, choices.For(small with { Reduction = Reduction.Max }));
    }

    [Fact]
    public void In_place_and_out_of_place_are_told_apart()
    {
        CollectiveCall apart = Call(AllReduce, 256), inPlace = apart with { InPlace = true };
        NcclChoices choices = NcclChoices.Of(
            [apart, inPlace],
            new NcclActivity
            {
                Choices = [new("AllReduce", 1024, "ring", "ll", null), new("AllReduce", 1024, "tree", "simple", null)],
            },
            Ranks);

        Assert.Equal("ring", choices.For(apart).Algorithm);
        Assert.Equal("tree", choices.For(inPlace).Algorithm);
    }

    [Fact]
    public void Without_a_log_nothing_is_known() => Assert.Equal(default, NcclChoices.Unknown.For(Call(AllReduce, 256)));

    private static CollectiveCall Call(Collective collective, long count) =>
        new(collective, DataType.Float32, Reduction.Sum, Root: 0, count, Send: 256, Receive: 512);
}
