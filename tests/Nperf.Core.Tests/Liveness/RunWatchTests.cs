using System.Diagnostics;
using Nperf.Core.Liveness;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Liveness;

public sealed class RunWatchTests
{
    private static readonly long LongAgo = Stopwatch.GetTimestamp() - (3600 * Stopwatch.Frequency);

    private static readonly ProcessInfo Server = ThisProcess.Describe(0, 0, 1, ThisProcess.NoAddress);

    private static readonly ProcessInfo Client = ThisProcess.Describe(1, 1, 1, "10.0.0.2");

    private readonly RankMarks _own = new(0, 2), _others = new(1, 1);

    [Fact]
    public void A_wait_is_over_once_nothing_moves_for_its_limit()
    {
        RunWatch watch = new(_own, TimeSpan.FromMilliseconds(1));
        Eventually(() => watch.IsOver(LongAgo));
    }

    [Fact]
    public void No_wait_is_over_while_a_rank_moves_here_or_elsewhere()
    {
        RunWatch watch = new(_own, TimeSpan.FromSeconds(60));
        Hear(watch, Client, quiet: TimeSpan.Zero);
        Eventually(() => watch.Quiet > TimeSpan.FromMilliseconds(5));
        Assert.False(watch.IsOver(LongAgo));

        RunWatch soon = new(_own, TimeSpan.FromMilliseconds(1));
        Eventually(() => soon.IsOver(LongAgo));
        _own.Of(1).Move();
        TimeSpan quiet = soon.Quiet;
        Eventually(() => soon.Quiet > quiet + TimeSpan.FromMilliseconds(5));
        Hear(soon, Client, quiet: TimeSpan.Zero);
        quiet = soon.Quiet;
        _others.First.Did(3);
        Eventually(() => soon.Quiet > quiet + TimeSpan.FromMilliseconds(5));
        TimeSpan before = soon.Quiet;
        Hear(soon, Client, quiet: TimeSpan.Zero);
        Assert.True(soon.Quiet < before);
    }

    [Fact]
    public void A_heartbeat_in_which_nothing_moved_is_no_progress()
    {
        RunWatch watch = new(_own, TimeSpan.FromMilliseconds(1));
        Hear(watch, Client, quiet: TimeSpan.Zero);
        Eventually(() =>
        {
            Hear(watch, Client, quiet: TimeSpan.Zero);
            return watch.Quiet > TimeSpan.FromMilliseconds(50);
        });
    }

    [Fact]
    public void What_is_known_to_take_long_is_waited_for()
    {
        RunWatch watch = new(_own, TimeSpan.FromMilliseconds(1));
        _own.First.Allow(3600);
        Assert.Equal(TimeSpan.Zero, watch.Quiet);
        _own.First.Allow(0);
        Eventually(() => watch.IsOver(LongAgo));
    }

    [Fact]
    public void The_servers_word_that_something_moves_counts_for_a_client()
    {
        RunWatch watch = new(_own, TimeSpan.FromMilliseconds(1));
        Hear(watch, Server, quiet: TimeSpan.FromHours(1));
        Eventually(() => watch.Quiet > TimeSpan.FromMilliseconds(50));
        TimeSpan before = watch.Quiet;
        Hear(watch, Server, quiet: TimeSpan.Zero);
        Assert.True(watch.Quiet < before);
    }

    private void Hear(RunWatch watch, ProcessInfo process, TimeSpan quiet) => watch.Hear(process, new Heartbeat(quiet, _others.Read()));

    private static void Eventually(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60)));
}
