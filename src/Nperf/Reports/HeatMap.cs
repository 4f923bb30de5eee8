using Nperf.Output;

namespace Nperf.Reports;

/// <summary>A <see cref="PairMatrix"/> as SVG: rows send, columns receive, and what is slower than pairs alike is warm.</summary>
internal static class HeatMap
{
    /// <summary>More ranks than these are not drawn on a page, where the live chart has them.</summary>
    public const int MostOnPage = 64;

    /// <summary>More than these no picture shows.</summary>
    public const int Most = 256;

    /// <summary>Figures stand in the cells of at most so many ranks.</summary>
    private const int MostWritten = 12;

    public const int Width = 760, Height = 832;
    private const double Left = 56, Side = 680;

    // Class names of chart.css: from what is far below the typical speed to what is above it.
    private static readonly double[] Steps = [0.5, 0.7, 0.85, 0.95, 1.05];

    public static Markup Draw(PairMatrix pairs, bool isLatency, string label, string? title = null)
    {
        double top = title is null ? 74 : 106, side = Side / pairs.Ranks.Count;
        int each = ((pairs.Ranks.Count - 1) / 32) + 1;
        Markup alone = title is null ? Markup.None : Markup.Of(
            $"""<style>{new Markup(PageFiles.Text("chart.css"))}</style><rect class="ground" width="{Width}" height="{Height}"/><text class="title" x="16" y="28">{title}</text>""");
        return Markup.Of($"""
            <svg class="still heat" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height - (title is null ? 32 : 0)}" role="img" aria-label="{label}">{alone}
            <text class="name" x="16" y="{top - 58}">{(isLatency ? "latency (us)" : "bandwidth (GB/s)")}; rows send, columns receive</text>
            {Legend(top - 44)}
            {Markup.Join(pairs.Ranks.Select((rank, index) => index % each != 0 ? Markup.None : Markup.Of(
                $"""<text class="x" x="{Left + (side * (index + 0.5))}" y="{top - 8}">{rank}</text><text class="y" x="{Left - 8}" y="{top + (side * (index + 0.5)) + 4}">{rank}</text>""")))}
            {Markup.Join(pairs.Links.Select(link => Cell(link, isLatency, top, side, pairs.Ranks.Count <= MostWritten)))}
            </svg>
            """);
    }

    /// <summary>The class of a speed.</summary>
    private static string Class(double? speed) => speed is { } known ? $"h{Steps.Count(step => known >= step)}" : "unknown";

    private static Markup Cell(PairCell link, bool isLatency, double top, double side, bool isWritten)
    {
        double x = Left + (side * link.To), y = top + (side * link.From);
        Markup text = isWritten && link.Value(isLatency) is { } value
            ? Markup.Of($"""<text class="x" x="{x + (side / 2)}" y="{y + (side / 2) + 4}">{(isLatency ? NumberFormat.Time(value) : NumberFormat.Bandwidth(value))}</text>""")
            : Markup.None;
        return Markup.Of($"""<g class="{Class(link.Speed(isLatency))}"><rect class="cell" x="{x + 0.5}" y="{y + 0.5}" width="{side - 1}" height="{side - 1}"/>{text}</g>""");
    }

    private static Markup Legend(double y) => Markup.Join(Enumerable.Range(0, Steps.Length + 1).Select(index => Markup.Of(
        $"""<g class="h{index}"><rect class="cell" x="{16 + (index * 122)}" y="{y}" width="14" height="14"/></g><text class="name" x="{36 + (index * 122)}" y="{y + 11}">{(index == 0 ? $"below {Steps[0]:0.##}" : index == Steps.Length ? $"from {Steps[^1]:0.##} on" : $"{Steps[index - 1]:0.##} to {Steps[index]:0.##}")}</text>""")));
}
