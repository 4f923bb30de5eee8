using Nperf.Core;

namespace Nperf.Reports;

/// <summary>One chart of all results as a picture by itself.</summary>
internal static class ChartPicture
{
    /// <summary>The results of <paramref name="runs"/> with <paramref name="only"/> in their names, as SVG.</summary>
    /// <exception cref="RunException">There is nothing to draw, or too much.</exception>
    public static Markup Draw(IReadOnlyList<ReportRun> runs, string? only, ChartFigure figure)
    {
        ResultGroup[] groups = [.. ResultGroup.Of(runs, only).Where(group => group.HasData)];
        int count = groups.Sum(group => group.Runs.Count);
        if (count == 0) throw new RunException(FailureKind.Usage, "there is nothing to draw: no result has a size");
        if (count > LineChart.MostLines)
            throw new RunException(FailureKind.Usage, $"{count} lines are more than can be told apart in a chart; name some: --only '{groups[0].Name}'");
        bool isAlone = groups.All(group => group.IsAlone);
        ChartLine[] lines = [.. groups.SelectMany(group => group.Runs, (group, run) => ChartLine.Of(NameOf(group, run), group, run, figure))];
        string what = groups.Length == 1 ? groups[0].Name : $"{groups.Length} kinds of results";
        string title = runs.Count == 1 ? $"{what}, {ReportPage.Count(runs[0].Document.Config.NumGpus, "rank")}" : what;
        return LineChart.Draw(lines, figure, isAlone, $"{LineChart.NameOf(figure, isAlone)} of {title} over the size", title);

        string NameOf(ResultGroup group, RunResults run) =>
            groups.Length == 1 ? run.Run.Name : runs.Count == 1 ? group.Name : $"{group.Name}, {run.Run.Name}";
    }
}
