using Nperf.Core;
using Nperf.Output;
using Nperf.Tests.Results;

namespace Nperf.Tests.Output;

public sealed class ProgressLineTests : IDisposable
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly StringWriter _error = new() { NewLine = "\n" };
    private readonly StringWriter _table = new() { NewLine = "\n" };

    private readonly RunProgress _progress = new()
    {
        Step = "allreduce float32 sum",
        Bytes = 1 << 30,
        Iteration = 3,
        Iterations = 20,
        SizesDone = 4,
        SizesTotal = 11,
    };

    public void Dispose()
    {
        _error.Dispose();
        _table.Dispose();
    }

    [Fact]
    public void On_a_terminal_the_line_is_erased_before_a_row_and_at_the_end()
    {
        using (var line = new ProgressLine(_error, _progress, Never, live: true, () => 200))
        {
            line.Tick();
            line.WriteAround(_error, "row");
            line.Tick();
        }

        const string Drawn =
            "\r\e[K[#######.............] allreduce float32 sum, 1073741824 B, 3 of 20 iterations, 4 of 11 sizes done";
        Assert.Equal($"{Drawn}\r\e[Krow\n{Drawn}\r\e[K", _error.ToString());
    }

    [Theory]
    [InlineData(110, "[#######.............] allreduce float32 sum, 1073741824 B, 3 of 20 iterations, 4 of 11 sizes done")]
    [InlineData(80, "[#######.............] allreduce float32 sum, 1073741824 B, 4 of 11 sizes done")]
    [InlineData(70, "[#######.............] 1073741824 B, 4 of 11 sizes done")]
    [InlineData(40, "1073741824 B, 4 of 11 sizes done")]
    [InlineData(24, "4 of 11 sizes done")]
    [InlineData(12, "4 of 11 siz")]
    [InlineData(1, "4")]
    public void A_narrow_terminal_gets_what_matters_most_in_one_line(int width, string text)
    {
        using var line = new ProgressLine(_error, _progress, Never, live: true, () => width);
        line.Tick();

        Assert.Equal($"\r\e[K{text}", _error.ToString());
    }

    [Fact]
    public void The_figure_of_the_last_size_and_the_time_left_are_there_once_they_are_known()
    {
        _progress.Plan = [1 << 20, 1 << 21, 1 << 21];
        _progress.BeginCycle();
        _progress.Finish(Documents.Size(1 << 20, 123.4));
        using var line = new ProgressLine(_error, _progress, Never, live: true, () => 200);
        line.Tick();

        Assert.Matches(@"1 of 11 sizes done, last 8\.50 GB/s, \d+ s left$", _error.ToString());
    }

    [Fact]
    public void A_timed_size_that_takes_longer_is_not_done_more_than_whole()
    {
        (_progress.SecondsTotal, _progress.SecondsDone, _progress.Plan) = (1, 1.7, [1 << 30]);
        using var line = new ProgressLine(_error, _progress, Never, live: true, () => 200);
        line.Tick();

        Assert.EndsWith(" 1.0 of 1 s, 4 of 11 sizes done", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_live_line_has_a_colour_only_where_it_may(bool colours)
    {
        using var line = new ProgressLine(_error, _progress, Never, live: true, () => 200) { Colours = colours };
        line.Tick();

        Assert.Equal(colours, _error.ToString().Contains("\e[32m[#######.............]\e[39m ", StringComparison.Ordinal));
        Assert.Equal(colours, _error.ToString().Contains("\e[3", StringComparison.Ordinal));
    }

    [Fact]
    public void Elsewhere_lines_become_rarer_until_something_else_is_printed()
    {
        var clock = new TestClock();
        using var line = new ProgressLine(_error, _progress, TimeSpan.FromHours(1), live: false, () => 200, clock);
        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 64], Enumerable.Range(0, 8).Select(_ => HoursToNext()));
        line.WriteAround(_table, "row");
        Assert.Equal(1, HoursToNext());

        int HoursToNext()
        {
            for (int hours = 1; ; hours++)
            {
                clock.Now += TimeSpan.FromHours(1);
                if (line.Tick()) return hours;
            }
        }
    }

    [Fact]
    public void Elsewhere_nothing_is_said_while_rows_come()
    {
        using var line = new ProgressLine(_error, _progress, Never, live: false, () => 200);
        line.WriteAround(_table, "row");
        line.Tick();

        Assert.Empty(_error.ToString());
        Assert.Equal("row\n", _table.ToString());
    }

    [Fact]
    public void Elsewhere_a_silent_interval_is_a_plain_line()
    {
        using var line = new ProgressLine(_error, _progress, TimeSpan.FromMilliseconds(1), live: false, () => 200);
        Assert.True(SpinWait.SpinUntil(line.Tick, TimeSpan.FromSeconds(120)));
        line.Dispose();

        Assert.DoesNotContain('\e', _error.ToString());
        Assert.StartsWith("progress: allreduce float32 sum, 1073741824 B, 3 of 20", _error.ToString());
    }

    [Fact]
    public void Before_the_run_and_after_the_end_there_is_nothing_to_say()
    {
        using var line = new ProgressLine(_error, new RunProgress(), Never, live: true, () => 200);
        line.Tick();
        line.Dispose();
        _progress.Step = "allreduce";
        line.Tick();

        Assert.Empty(_error.ToString());
    }

    private sealed class TestClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
