using Nperf.Output;

namespace Nperf.Reports;

/// <summary>
/// The page of <c>nperf report</c>: HTML that says everything by itself, with charts as SVG; a script makes them live where
/// there is one. It loads nothing, and its policy has the browser see to that.
/// </summary>
internal static class ReportPage
{
    /// <summary>The page of <paramref name="runs"/>, with the results whose names have <paramref name="only"/> in them.</summary>
    public static Markup Build(IReadOnlyList<ReportRun> runs, string? only = null)
    {
        IReadOnlyList<ResultGroup> groups = ResultGroup.Of(runs, only);
        string scripts = string.Join(' ', PageFiles.Text("scripts.sha256").Trim().Split('\n').Select(hash => $"'sha256-{hash}'"));
        string policy = $"default-src 'none'; style-src 'unsafe-inline'; script-src {scripts}; base-uri 'none'; form-action 'none'";
        Markup[] parts =
        [
            OverviewPart.Build(runs, groups), ResultsPart.Build(runs, groups), PairsPart.Build(runs), TopologyPart.Build(runs),
            ExpectationsPart.Build(runs), EnvironmentPart.Build(runs), AboutPart.Build(),
        ];
        return Markup.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="nperf {Arguments.CommandLine.ProgramVersion}">
            <title>{OverviewPart.TitleOf(runs)} - nperf</title>
            <style>
            {new Markup(PageFiles.Text("page.css"))}
            {new Markup(PageFiles.Text("chart.css"))}
            </style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the results</a>
            {OverviewPart.Header(runs, groups)}
            <main id="main">
            {Markup.Join(parts)}
            </main>
            <script type="application/json" id="data">{new PageData([.. groups.Select(GroupData.Of)], [.. runs.Select(PairMatrix.Of).OfType<PairMatrix>()]).ToMarkup()}</script>
            <script type="text/plain" id="echarts">{Convert.ToBase64String(PageFiles.Bytes("echarts.js.gz"))}</script>
            <script>{new Markup(PageFiles.Text("page.js"))}</script>
            </body>
            </html>

            """);
    }

    /// <summary>A table cell of a time, microseconds.</summary>
    public static string Time(double us) => NumberFormat.Time(us);

    /// <summary>A size for people, exact where it is a whole number of its unit.</summary>
    public static string Size(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        int unit = units.Length - 1;
        while (unit > 0 && (bytes == 0 || bytes % (1L << (10 * unit)) != 0)) unit--;
        long whole = bytes >> (10 * unit);
        return whole < 1024 || unit == units.Length - 1 ? $"{NumberFormat.Whole(whole)} {units[unit]}" : NumberFormat.Memory(bytes);
    }

    /// <summary><c>1 rank</c>, <c>2 ranks</c>.</summary>
    public static string Count(long number, string thing, string? several = null) => number == 1 ? $"1 {thing}" : $"{number} {several ?? thing + "s"}";
}
