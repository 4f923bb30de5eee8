using Nperf.Core;

namespace Nperf.Reports;

/// <summary>One chart as a picture by itself.</summary>
internal static class ChartPicture
{
    /// <summary>How high such a picture is; all are as wide as a <see cref="LineChart"/>.</summary>
    public static int HeightOf(ChartFigure figure) => figure == ChartFigure.Pairs ? HeatMap.Height : LineChart.Height;

    /// <summary>The results of <paramref name="runs"/> with <paramref name="only"/> in their names, as SVG.</summary>
    /// <exception cref="RunException">There is nothing to draw, or too much.</exception>
    public static Markup Draw(IReadOnlyList<ReportRun> runs, string? only, ChartFigure figure)
    {
        if (figure == ChartFigure.Pairs) return DrawPairs(runs);
        ResultGroup[] groups = [.. ResultGroup.Of(runs, only).Where(group => group.HasData)];
        int count = groups.Sum(group => group.Runs.Count);
        if (count == 0) throw new RunException(FailureKind.Usage, "there is nothing to draw: no result has a size" + (runs.Any(run => run.Document.Pairs is not null) ? "; the pairs of ranks are --chart pairs" : ""));
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

    private static Markup DrawPairs(IReadOnlyList<ReportRun> runs)
    {
        if (runs.Count > 1) throw new RunException(FailureKind.Usage, $"a heat map shows one run, not {runs.Count}");
        PairMatrix pairs = PairMatrix.Of(runs[0]) ?? throw new RunException(FailureKind.Usage, $"{runs[0].File} has no pairs of ranks: they are measured by --pattern pairs");
        if (pairs.Ranks.Count > HeatMap.Most)
            throw new RunException(FailureKind.Usage, $"the pairs of {pairs.Ranks.Count} ranks are too many for a picture, which shows {HeatMap.Most}; the page shows them");
        string title = $"Pairs of {pairs.Ranks.Count} ranks";
        return HeatMap.Draw(pairs, isLatency: false, $"{title}: bandwidth from each sender to each receiver", title);
    }
}
