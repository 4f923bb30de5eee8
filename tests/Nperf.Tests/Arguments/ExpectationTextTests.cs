using Nperf.Arguments;
using Nperf.Core.Expectations;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Arguments;

public sealed class ExpectationTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("busbw >= 300 @ 1G", null, "busbw", true, false, 300, 1L << 30, 1L << 30)]
    [InlineData("busbw>=300@1G", null, "busbw", true, false, 300, 1L << 30, 1L << 30)]
    [InlineData("allreduce p99 < 1.5ms @ 8K..64K", "allreduce", "p99", false, true, 1500, 8 << 10, 64 << 10)]
    [InlineData("  algbw > 0.5 GB/s ", null, "algbw", true, true, 0.5, 0, long.MaxValue)]
    [InlineData("time <= 2 s", null, "time", false, false, 2e6, 0, long.MaxValue)]
    public void What_is_expected_is_read(
        string text, string? operation, string metric, bool isLeast, bool isStrict, double value, long from, long to)
    {
        Assert.Null(ExpectationText.Read(text, out Expectation? read));
        Assert.Equal((operation, metric, isLeast, isStrict, value, from, to), (
            read!.Operation, read.Metric.Name, read.IsLeast, read.IsStrict, read.Value, read.FromBytes, read.ToBytes));
    }

    [Fact]
    public void It_is_said_in_one_line_however_it_was_written()
    {
        Assert.Null(ExpectationText.Read(" busbw\n>=\t300  @ 1G", out Expectation? read));
        Assert.Equal("busbw >= 300 @ 1G", read!.Text);
    }

    [Fact]
    public void Neither_many_spaces_nor_many_digits_are_too_much()
    {
        Assert.StartsWith("is nothing to expect", ExpectationText.Read($"busbw >= 1{new string(' ', 60_000)}!", out _));
        Assert.EndsWith("which is no number; for example 'busbw >= 300 @ 1G'", ExpectationText.Read($"busbw >= {new string('9', 400)}", out _));
        Assert.EndsWith("which is no number; for example 'busbw >= 300 @ 1G'", ExpectationText.Read($"time <= {new string('9', 308)} s", out _));
    }

    [Theory]
    [InlineData("", "is nothing to expect; for example 'busbw >= 300 @ 1G'")]
    [InlineData("busbw", "is nothing to expect")]
    [InlineData("busbw = 300", "is nothing to expect")]
    [InlineData("busbw >= 300 @", "is nothing to expect")]
    [InlineData("busbw >= 300 or so", "is nothing to expect")]
    [InlineData("bsbw >= 300", "has 'bsbw', which is not one of busbw, algbw, time, min, max, p50, p95, p99; did you mean busbw?")]
    [InlineData("allredcue busbw >= 300", "has 'allredcue', which is no operation; did you mean allreduce?")]
    [InlineData("busbw >= 1.2.3", "has '1.2.3', which is no number")]
    [InlineData("busbw >= 300 us", "has busbw in us; it is in GB/s")]
    [InlineData("time <= 300 GB/s", "has time in GB/s; it is in us, ms or s")]
    [InlineData("busbw >= 300 @ 1Q", "has '1Q', which is not a size")]
    [InlineData("busbw >= 300 @ 1M..1K", "has sizes from 1M to 1K, which is less")]
    public void What_cannot_be_expected_is_refused(string text, string mistake)
    {
        Assert.StartsWith(mistake, ExpectationText.Read(text, out _));
    }

    [Fact]
    public void Several_are_taken_from_options_a_file_and_a_preset()
    {
        string file = File("# of ours\nbusbw >= 1 @ 8G   # at least\n\ntime < 5s\n");
        ParsedCommand parsed = CommandLine.Parse(
            ["-b", "8G", "--expect", "p99 < 1s", "--expect=min > 0", "--expect-file", file, "--expect-preset", "azure-nd-a100-v4"]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(
            ["p99 < 1s", "min > 0", "busbw >= 1 @ 8G", "time < 5s", "allreduce busbw >= 228 @ 8G"],
            parsed.Console.Expectations.Select(one => one.Text));
    }

    [Theory]
    [InlineData("busbw >= 1\nbusbw\n", "has in line 2 'busbw', which is nothing to expect")]
    [InlineData("# nothing\n", "expects nothing; a line each")]
    [InlineData(null, "is too large to be a list of what is expected")]
    public void A_file_with_a_mistake_is_refused_with_its_line(string? text, string mistake)
    {
        string file = text is null ? "/dev/zero" : File(text);

        Assert.StartsWith($"--expect-file: '{file}' {mistake}", Assert.Single(CommandLine.Parse(["--expect-file", file]).Errors));
    }

    [Theory]
    [InlineData("--expect|busbw >= 1 @ 1G", "--expect: 'busbw >= 1 @ 1G' is about no size of this run; -b, -B and -S say which there are")]
    [InlineData("--expect|allgather time < 1s", "--expect: 'allgather time < 1s' is about allgather, which is not run")]
    [InlineData("--expect-preset|azure-nd-h100-v5", "--expect-preset: 'allreduce busbw >= 460 @ 16G' is about no size of this run")]
    [InlineData("--expect-preset|azure-nd-h100", "--expect-preset: 'azure-nd-h100' is not one of azure-nd-a100-v4,")]
    [InlineData("--expect-file|/no/such/file", "--expect-file: '/no/such/file' cannot be read: there is no such file")]
    [InlineData("--expect|time < 1s|--topology", "--expect: is about figures, and --topology runs nothing")]
    [InlineData("--expect|time < 1s|--expect", "--expect: needs a value: --expect WHAT")]
    public void What_the_run_cannot_answer_is_refused_before_it(string words, string mistake)
    {
        Assert.StartsWith(mistake, Assert.Single(CommandLine.Parse(words.Split('|')).Errors));
    }

    [Fact]
    public void Each_mistake_of_several_is_reported()
    {
        Assert.Equal(2, CommandLine.Parse(["--expect", "a > 1", "--expect", "b > 1"]).Errors.Count);
    }

    [Fact]
    public void A_client_learns_the_sizes_from_its_server()
    {
        Assert.Empty(CommandLine.Parse(["-c", "node1", "--expect", "allgather busbw >= 1 @ 1G"]).Errors);
    }

    [Fact]
    public void Every_preset_names_its_source()
    {
        string[] lines = System.IO.File.ReadAllLines(Path.Combine(NperfBinary.Root, "src/Nperf/Arguments/presets.txt"));
        Assert.NotEmpty(ExpectationPresets.Names);
        foreach (string name in ExpectationPresets.Names)
        {
            Assert.Null(ExpectationPresets.Read(name, out IReadOnlyList<Expectation> expectations));
            Assert.NotEmpty(expectations);
            int at = Array.FindIndex(lines, line => line.StartsWith($"{name}:", StringComparison.Ordinal));
            Assert.StartsWith("  # https://", lines[at + 1]);
        }
    }

    private string File(string text)
    {
        string file = _folder.File("expected");
        System.IO.File.WriteAllText(file, text);
        return file;
    }
}
