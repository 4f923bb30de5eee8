using Nperf.Arguments;

namespace Nperf.Tests.Arguments;

public class CompareLineTests
{
    [Theory]
    [InlineData("a b", "a", "b")]
    [InlineData("a -- b", "a", "b")]
    [InlineData("a b -- c d", "a b", "c d")]
    [InlineData("--force a b -- c -J", "a b", "c")]
    [InlineData("a --max-regression 5% -- b c", "a", "b c")]
    [InlineData("a a -- a", "a a", "a")]
    public void The_sides_are_two_words_or_what_the_dashes_divide(string line, string before, string after)
    {
        CompareOptions options = Good(line);

        Assert.Equal((before, after), (string.Join(' ', options.Base), string.Join(' ', options.New)));
    }

    [Fact]
    public void Options_are_read_on_either_side()
    {
        Assert.Equal((0, false, false), (Good("a b").MaxRegression, Good("a b").Force, Good("a b").Json));
        CompareOptions all = Good("a --force --max-regression=2.5% -- b -J");
        Assert.Equal((0.025, true, true), (all.MaxRegression, all.Force, all.Json));
    }

    [Theory]
    [InlineData("", "two sides are needed: nperf compare BASE NEW")]
    [InlineData("a", "two sides are needed")]
    [InlineData("a --", "two sides are needed")]
    [InlineData("-- b", "two sides are needed")]
    [InlineData("a b c", "which are which? nperf compare BASE... -- NEW...")]
    [InlineData("a b --max-regression 5", "--max-regression: '5' is no percentage, for example 5%")]
    [InlineData("a b --max-regression -5%", "--max-regression: '-5%' is no percentage")]
    [InlineData("a b --froce", "--froce: unknown option; did you mean --force?")]
    [InlineData("a b --op allreduce", "--op: unknown option")]
    public void Mistakes_are_named(string line, string start)
    {
        Assert.StartsWith(start, Parse(line).Errors[0]);
    }

    [Fact]
    public void Elsewhere_its_options_are_known_for_its_own()
    {
        Assert.Equal("--max-regression: unknown option; it belongs to nperf compare", CommandLineTests.Error("--max-regression 5%"));
        Assert.Equal("'compare': unexpected; it goes first: nperf compare", CommandLineTests.Errors("-J compare")[0]);
    }

    [Fact]
    public void Help_has_its_options_in_80_columns()
    {
        string text = Parse("--help").Text!;

        Assert.All(CompareLine.Options, option => Assert.Contains(option.Name, text));
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    private static CompareOptions Good(string line)
    {
        ParsedCommand parsed = Parse(line);
        Assert.Empty(parsed.Errors);
        return parsed.Compare!;
    }

    private static ParsedCommand Parse(string line) =>
        CommandLine.Parse(["compare", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
}
