using Nperf.Core.Liveness;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Liveness;

public sealed class HeartbeatTests
{
    [Fact]
    public void What_the_marks_say_arrives()
    {
        RankMarks marks = new(firstRank: 4, count: 2);
        marks.First.Enter(RankStep.Allocating);
        marks.First.Enter(RankStep.Timing, "allreduce", 1L << 40);
        marks.First.Did(17);
        marks.First.WaitFor(9);
        marks.Of(5).Enter(RankStep.StartingNccl);
        marks.Of(5).Allow(2.5);
        marks.Of(5).WaitAt("shared memory");

        var heartbeat = Heartbeat.From(new Heartbeat(TimeSpan.FromSeconds(3), marks.Read()).ToMessage(), ranks: 2);
        Assert.Equal(TimeSpan.FromSeconds(3), heartbeat.Quiet);
        Assert.Equal(marks.Read(), heartbeat.Positions);
        Assert.Equal("in the timed loop of allreduce of 1099511627776 B, after 17 iterations, waiting for rank 9", heartbeat.Positions[0].Describe());
        Assert.Equal("waiting at: shared memory", heartbeat.Positions[1].Describe());
        Assert.Equal((2, 1), (heartbeat.Positions[0].Number, heartbeat.Positions[1].Number));
    }

    [Fact]
    public void A_rank_waits_for_nobody_once_something_has_moved()
    {
        RankMark mark = new(0);
        mark.Enter(RankStep.WarmingUp, "broadcast", 8);
        mark.WaitFor(3);
        Assert.Equal(3, mark.Read().WaitsFor);
        mark.Move();
        Assert.Equal(RankPosition.Nobody, mark.Read().WaitsFor);
    }

    [Fact]
    public void A_name_of_any_length_fits_and_stays_in_one_line()
    {
        RankMarks marks = new(0, 1);
        marks.First.WaitAt(new string('☃', 300) + "\n");
        var heartbeat = Heartbeat.From(new Heartbeat(TimeSpan.Zero, marks.Read()).ToMessage(), ranks: 1);
        Assert.Matches("^☃+$", heartbeat.Positions[0].Meeting);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void One_with_other_ranks_than_the_process_has_is_refused(int ranks)
    {
        Message message = new Heartbeat(TimeSpan.Zero, new RankMarks(0, 2).Read()).ToMessage();
        Assert.Throws<ProtocolException>(() => Heartbeat.From(message, ranks));
    }
}
