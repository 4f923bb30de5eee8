using Nperf.Core;
using Nperf.Output;

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
            "\r\e[Kallreduce float32 sum, 1073741824 B, 3 of 20 iterations, 4 of 11 sizes done";
        Assert.Equal($"{Drawn}\r\e[Krow\n{Drawn}\r\e[K", _error.ToString());
    }

    [Fact]
    public void A_narrow_terminal_gets_a_part_of_it_in_one_line()
    {
        using var line = new ProgressLine(_error, _progress, Never, live: true, () => 20);
        line.Tick();

        Assert.Equal("\r\e[Kallreduce float32 s", _error.ToString());
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
}
