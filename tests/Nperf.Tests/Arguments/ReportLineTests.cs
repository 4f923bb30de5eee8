using Nperf.Arguments;
using Nperf.Reports;

namespace Nperf.Tests.Arguments;

public class ReportLineTests
{
    [Fact]
    public void Files_and_options_are_read()
    {
        ReportOptions page = Good("a.json b.json -o r.html");
        Assert.Equal(("a.json b.json", "r.html", ReportFormat.Html, null), (string.Join(' ', page.Files), page.Output, page.Format, page.Only));
        ReportOptions picture = Good("--format svg a --chart time --only allreduce");
        Assert.Equal((ReportFormat.Svg, ChartFigure.Time, "allreduce", null), (picture.Format, picture.Figure, picture.Only, picture.Output));
    }

    [Theory]
    [InlineData("", "documents are needed: nperf report results.json -o report.html")]
    [InlineData("a -o chart.png", "-o: chart.png would hold html; --format png, or another name")]
    [InlineData("a -o page.html --format svg", "-o: page.html would hold svg; --format html, or another name")]
    [InlineData("a --format pdf", "--format: 'pdf' is not one of html, svg, png")]
    [InlineData("a --chart time", "--chart: a page has them all; --format svg or png takes one")]
    [InlineData("a --format svg --chart busbandwith", "--chart: 'busbandwith' is not one of busbw, time, pairs")]
    [InlineData("a --ouput r.html", "--ouput: unknown option; did you mean --output?")]
    public void Mistakes_are_named(string line, string start) => Assert.StartsWith(start, Parse(line).Errors[0]);

    [Fact]
    public void Elsewhere_its_options_are_known_for_its_own()
    {
        Assert.Equal("--chart: unknown option; it belongs to nperf report", CommandLineTests.Error("--chart time"));
        Assert.Equal("'report': unexpected; it goes first: nperf report", CommandLineTests.Errors("-J report")[0]);
    }

    [Fact]
    public void Help_has_its_options_in_80_columns()
    {
        string text = Parse("--help").Text!;

        Assert.All(ReportLine.Options, option => Assert.Contains(option.Name, text));
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
    }

    private static ReportOptions Good(string line)
    {
        ParsedCommand parsed = Parse(line);
        Assert.Empty(parsed.Errors);
        return parsed.Report!;
    }

    private static ParsedCommand Parse(string line) =>
        CommandLine.Parse(["report", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
}
