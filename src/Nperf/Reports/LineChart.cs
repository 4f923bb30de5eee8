namespace Nperf.Reports;

/// <summary>
/// A figure over the size as SVG, both axes logarithmic: for paper, for where no script runs, and as a picture by itself.
/// </summary>
internal static class LineChart
{
    /// <summary>How many lines can be told apart; colours, dashes and marks are in <c>chart.css</c>.</summary>
    public const int MostLines = 12;

    public const int Width = 760, Height = 430;
    private const double Left = 64, Right = 724, Bottom = 376, LegendLine = 20;

    /// <summary>What <paramref name="figure"/> is called on its axis.</summary>
    public static string NameOf(ChartFigure figure, bool isAlone) => figure == ChartFigure.Time ? "time of one iteration"
        : isAlone ? "algorithm bandwidth (GB/s)" : "bus bandwidth (GB/s)";

    /// <summary>What the band beside a line is.</summary>
    public static string SpreadOf(ChartFigure figure) =>
        figure == ChartFigure.Time ? "band: shortest iteration to 99th percentile" : "band: 99th percentile to shortest iteration";

    /// <summary>The chart. With a <paramref name="title"/> it stands by itself, and has its style and a background.</summary>
    public static Markup Draw(IReadOnlyList<ChartLine> lines, ChartFigure figure, bool isAlone, string label, string? title = null)
    {
        ChartLine[] drawn = [.. lines.Select(Drawable)];
        IEnumerable<ChartPoint> all = drawn.SelectMany(line => line.Points.Concat(line.Cycles));
        double top = (title is null ? 22 : 56) + (drawn.Length > 1 ? LegendLine * ((drawn.Length + 2) / 3) : 0);
        var area = new Area(
            LogAxis.OfSizes(all.Select(point => point.Bytes)),
            LogAxis.OfFigures(all.SelectMany(point => new[] { point.Value, point.Low, point.High }.OfType<double>()), figure), top);
        Markup alone = title is null ? Markup.None : Markup.Of(
            $"""<style>{new Markup(PageFiles.Text("chart.css"))}</style><rect class="ground" width="{Width}" height="{Height}"/><text class="title" x="16" y="28">{title}</text>""");
        return Markup.Of($"""
            <svg class="still" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" role="img" aria-label="{label}">{alone}
            {Axes(area, figure, isAlone, title is null ? 14 : 48)}
            {Markup.Join(drawn.Select((line, index) => Line(line, index, area)))}
            {(drawn.Length > 1 ? Markup.Join(drawn.Select((line, index) => Legend(line, index, title is null ? 26 : 60))) : Markup.None)}
            </svg>
            """);
    }

    private static ChartLine Drawable(ChartLine line) => line with
    {
        Points = [.. line.Points.Where(point => point is { Bytes: > 0, Value: not null })],
        Cycles = [.. line.Cycles.Where(point => point is { Bytes: > 0, Value: not null })],
    };

    private static Markup Axes(Area area, ChartFigure figure, bool isAlone, double nameY) => Markup.Of($"""
        <g class="axes">{Markup.Join(area.Sizes.Ticks.Select(tick => Markup.Of(
            $"""<line x1="{area.X(tick.Value)}" x2="{area.X(tick.Value)}" y1="{area.Top}" y2="{Bottom}"/><text class="x" x="{area.X(tick.Value)}" y="{Bottom + 20}">{tick.Label}</text>""")))}
        {Markup.Join(area.Figures.Ticks.Select(tick => Markup.Of(
            $"""<line x1="{Left}" x2="{Right}" y1="{area.Y(tick.Value)}" y2="{area.Y(tick.Value)}"/><text class="y" x="{Left - 8}" y="{area.Y(tick.Value) + 4}">{tick.Label}</text>""")))}
        <text class="name" x="16" y="{nameY}">{NameOf(figure, isAlone)}; {SpreadOf(figure)}</text>
        <text class="x name" x="{(Left + Right) / 2}" y="{Bottom + 44}">size</text></g>
        """);

    private static Markup Line(ChartLine line, int index, Area area)
    {
        ChartPoint[] spread = [.. line.Points.Where(point => point is { Low: not null, High: not null })];
        Markup Corner(ChartPoint point, double value) => Markup.Of($"{area.X(point.Bytes)},{area.Y(value)} ");
        Markup band = Markup.Join([.. spread.Select(point => Corner(point, point.High!.Value)), .. spread.Reverse().Select(point => Corner(point, point.Low!.Value))]);
        return Markup.Of($"""
            <g class="s{index % MostLines}"><polygon class="band" points="{band}"/>
            <polyline points="{Markup.Join(line.Points.Select(point => Corner(point, point.Value!.Value)))}"/>
            {Markup.Join((line.Cycles.Count > 0 ? line.Cycles : line.Points).Select(point => Markup.Of(
                $"""<circle cx="{area.X(point.Bytes)}" cy="{area.Y(point.Value!.Value)}" r="{(line.Cycles.Count > 0 ? 2 : 3)}"/>""")))}</g>
            """);
    }

    private static Markup Legend(ChartLine line, int index, double y)
    {
        double x = 16 + (index % 3 * 244), middle = y + (index / 3 * LegendLine);
        string name = line.Name.Length <= 34 ? line.Name : line.Name[..33] + "…";
        return Markup.Of($"""<g class="s{index % MostLines}"><polyline points="{x},{middle} {x + 26},{middle}"/><circle cx="{x + 13}" cy="{middle}" r="3"/><text x="{x + 34}" y="{middle + 4}">{name}</text></g>""");
    }

    /// <summary>Where values lie in the picture.</summary>
    private sealed record Area(LogAxis Sizes, LogAxis Figures, double Top)
    {
        public double X(double bytes) => Left + (Sizes.Place(bytes) * (Right - Left));

        public double Y(double value) => Bottom - (Figures.Place(value) * (Bottom - Top));
    }
}
