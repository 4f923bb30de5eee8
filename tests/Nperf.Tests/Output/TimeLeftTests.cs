using Nperf.Output;

namespace Nperf.Tests.Output;

public class TimeLeftTests
{
    private static readonly long[] Sweep = [1 << 10, 1 << 12, 1 << 14, 1 << 16];

    [Fact]
    public void Of_sizes_that_run_for_a_time_it_is_known_from_the_start()
    {
        Assert.Equal(40, TimeLeft.Of(Sweep, [], secondsEach: 10, secondsDone: 0));
        Assert.Equal(33, TimeLeft.Of(Sweep, [], secondsEach: 10, secondsDone: 7));
        Assert.Equal(3 * 11 - 7, TimeLeft.Of(Sweep, [11], secondsEach: 10, secondsDone: 7)!.Value, 1e-9);
    }

    [Fact]
    public void Of_iterations_nothing_is_said_while_sizes_are_ahead_that_nothing_was_seen_of()
    {
        Assert.Null(TimeLeft.Of(Sweep, [], 0, 0));
        Assert.Null(TimeLeft.Of(Sweep, [1, 1], 0, 0));
    }

    [Fact]
    public void The_largest_sizes_are_reckoned_to_take_as_many_times_as_long_as_they_are_larger() =>
        Assert.Equal(8, TimeLeft.Of(Sweep, [1, 1, 2], 0, 0));

    [Fact]
    public void What_ran_with_another_type_tells_of_the_same_sizes() =>
        Assert.Equal(2 + 3 + 4 + 5, TimeLeft.Of([.. Sweep, .. Sweep], [2, 3, 4, 5], 0, 0));

    [Fact]
    public void At_the_end_there_is_nothing_left_to_say()
    {
        Assert.Null(TimeLeft.Of(Sweep, [1, 1, 1, 1], 0, 0));
        Assert.Null(TimeLeft.Of([], [], 0, 0));
    }
}
