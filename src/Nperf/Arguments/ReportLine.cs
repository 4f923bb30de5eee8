using Nperf.Reports;

namespace Nperf.Arguments;

/// <summary>The command line of <c>nperf report</c>.</summary>
internal static class ReportLine
{
    /// <summary>The first word of such a command line.</summary>
    public const string Word = "report";

    private static readonly OptionDefinition Output = new(
        "--output", "-o", "FILE", OptionGroup.Report, "write to FILE", "standard output, where that is no terminal");

    public static readonly OptionDefinition Format = new(
        "--format", null, "NAME", OptionGroup.Report,
        "html, a page; or one chart as svg, or as png, which a Chromium, Chrome or Edge of this machine draws", "html");

    public static readonly OptionDefinition Chart = new(
        "--chart", null, "NAME", OptionGroup.Report, "with svg and png: which chart: busbw, time, or pairs, the heat map of the ranks", "busbw");

    public static readonly OptionDefinition Only = new(
        "--only", null, "NAME", OptionGroup.Report, "results that have this in their name: 'allreduce float32'", "all");

    /// <summary>Its options, in the order of the help text.</summary>
    public static IReadOnlyList<OptionDefinition> Options { get; } = [Output, Format, Chart, Only, OptionTable.Help];

    /// <summary>Reads <paramref name="args"/>, what follows the word. Never throws, prints nothing.</summary>
    public static ParsedCommand Parse(IReadOnlyList<string> args)
    {
        var given = new GivenOptions(args, Options);
        if (given.Has(OptionTable.Help)) return new ParsedCommand { Text = HelpText.Build(CommandTable.Report) };
        IReadOnlyList<string> files = given.TakeWords();
        ReportFormat format = given.Read(Format, Lists.ReportFormat, ReportFormat.Html);
        string? output = given.Read<string?>(Output, Values.OutputFile, null);
        ChartFigure figure = given.Read(Chart, Lists.ChartFigure, ChartFigure.Busbw);
        string? only = given.Text(Only);
        given.ReportUnknownWords();
        if (files.Count == 0) given.Refuse($"documents are needed: nperf {Word} results.json -o report.html");
        if (format == ReportFormat.Html && given.Has(Chart)) given.Refuse(Chart, "a page has them all; --format svg or png takes one");
        if (output is not null && EndingOf(output) is { } ending && ending != format)
            given.Refuse(Output, $"{output} would hold {Name(format)}; --format {Name(ending)}, or another name");
        return given.Errors.Count > 0
            ? new ParsedCommand { Errors = given.Errors }
            : new ParsedCommand { Report = new ReportOptions(files, output, format, figure, only) };
    }

    private static ReportFormat? EndingOf(string file) =>
        Enum.TryParse(Path.GetExtension(file).TrimStart('.'), ignoreCase: true, out ReportFormat format) && !char.IsAsciiDigit(file[^1]) ? format : null;

    private static string Name(ReportFormat format) => format.ToString().ToLowerInvariant();
}
