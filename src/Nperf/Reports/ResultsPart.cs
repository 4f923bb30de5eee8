using Nperf.Core.Results;
using static Nperf.Reports.ReportPage;

namespace Nperf.Reports;

/// <summary>The charts and tables of each <see cref="ResultGroup"/>.</summary>
internal static class ResultsPart
{
    /// <summary>Groups beyond these are folded up.</summary>
    private const int MostOpen = 8;

    public static Markup Build(IReadOnlyList<ReportRun> runs, IReadOnlyList<ResultGroup> groups) =>
        Markup.Join(groups.Select((group, index) => Group(group, index, runs.Count > 1)));

    private static Markup Group(ResultGroup group, int index, bool isCompared) => Markup.Of($"""
        <section class="group" aria-labelledby="g{index}"><h2 id="g{index}">{group.Name}</h2>
        {new Markup(index < MostOpen ? "<div>" : "<details class=\"fold\"><summary>Charts and tables</summary>")}
        {(group.HasData ? Markup.Of($"""
            <div class="legend" data-group="{index}" hidden></div>
            <div class="charts">{Chart(group, index, ChartFigure.Busbw)}{Chart(group, index, ChartFigure.Time)}</div>
            """) : Markup.None)}
        {ResultTable.Build(group, isCompared)}
        {Markup.Join(group.Runs.Select(run => Chosen(run, isCompared)))}
        {RanksPart.Build(group, index, isCompared)}
        {new Markup(index < MostOpen ? "</div>" : "</details>")}</section>

        """);

    private static Markup Chart(ResultGroup group, int index, ChartFigure figure)
    {
        ChartLine[] lines = [.. group.Runs.Select(run => ChartLine.Of(run.Run.Name, group, run, figure))];
        string name = figure == ChartFigure.Time ? "Time" : group.IsAlone ? "Algorithm bandwidth" : "Bus bandwidth";
        string label = $"{name} of {group.Name} over the size; the table below has the figures";
        return Markup.Of($"""
            <figure><figcaption><h3>{name} over size</h3><p>line: average; {LineChart.SpreadOf(figure)}</p></figcaption>
            <div class="chart" data-group="{index}" data-figure="{figure.ToString().ToLowerInvariant()}">{LineChart.Draw(lines, figure, group.IsAlone, label)}</div></figure>
            """);
    }

    /// <summary>From which size to which a run was carried out how.</summary>
    private static Markup Chosen(RunResults run, bool isNamed)
    {
        var ranges = new List<(string How, long From, long To)>();
        foreach (SizeResult result in run.Results.Where(result => result.Algorithm is not null))
        {
            string how = HowOf(result);
            if (ranges.Count > 0 && ranges[^1].How == how) ranges[^1] = ranges[^1] with { To = result.Bytes };
            else ranges.Add((how, result.Bytes, result.Bytes));
        }

        return ranges.Count == 0 ? Markup.None : Markup.Of($"""
            <h3>What {(run.Run.Document.Config.Backend == "nccl" ? "NCCL" : "the backend")} chose{(isNamed ? $": {run.Run.Name}" : "")}</h3>
            <ul class="ranges">{Markup.Join(ranges.Select(range => Markup.Of(
                $"<li><span>{(range.From == range.To ? Size(range.From) : $"{Size(range.From)} to {Size(range.To)}")}</span> {range.How}</li>")))}</ul>
            """);
    }

    private static string HowOf(SizeResult result) => result.Algorithm
        + (result.Protocol is null ? "" : $", protocol {result.Protocol}")
        + (result.Channels is null ? "" : $", {Count(result.Channels.Value, "channel")}");
}
