using Nperf.Output;
using Nperf.Tests.Results;

namespace Nperf.Tests.Output;

public class CsvFormatTests
{
    [Fact]
    public void A_header_and_a_line_a_result_as_RFC_4180_has_them()
    {
        string text = CsvFormat.Build(Documents.Complete(Documents.Size(1 << 20, 123.4), Documents.Size(2048, wrong: null) with { InPlace = true }));
        string[] lines = text.Split("\r\n");

        Assert.Equal(("", 4), (lines[^1], lines.Length));
        Assert.DoesNotContain('\n', text.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.All(lines[..^1], line => Assert.Equal(lines[0].Split(',').Length, line.Split(',').Length));
        Assert.Equal("1048576", Field(lines, 1, "bytes"));
        Assert.Equal("123.4", Field(lines, 1, "avgUs"));
        Assert.Equal("false", Field(lines, 1, "inPlace"));
        Assert.Equal("true", Field(lines, 2, "inPlace"));
        Assert.Equal("", Field(lines, 2, "wrong"));
        Assert.Equal("2", Field(lines, 2, "numGpus"));
    }

    [Fact]
    public void A_value_with_a_comma_or_a_quote_is_quoted()
    {
        string text = CsvFormat.Build(Documents.Complete(Documents.Size() with { Algorithm = "ring, \"fast\"" }));

        Assert.Contains(",\"ring, \"\"fast\"\"\",", text);
    }

    [Fact]
    public void A_run_without_results_has_the_header_alone()
    {
        Assert.Equal(2, CsvFormat.Build(Documents.Complete()).Split("\r\n").Length);
    }

    private static string Field(string[] lines, int line, string name) => lines[line].Split(',')[Array.IndexOf(lines[0].Split(','), name)];
}
