using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nperf.Reports;

/// <summary>What the page's script draws from.</summary>
/// <param name="Groups">The charts, in the order of the page.</param>
/// <param name="Pairs">The pairs of ranks of the runs that measured them.</param>
internal sealed record PageData(IReadOnlyList<GroupData> Groups, IReadOnlyList<PairMatrix> Pairs)
{
    /// <summary>
    /// As JSON that can stand in a script element: the encoder leaves neither &lt; nor &amp; nor anything but ASCII, so that no
    /// name can end the element.
    /// </summary>
    public Markup ToMarkup() => new(JsonSerializer.Serialize(this, PageJson.Default.PageData));
}

/// <summary>A <see cref="ResultGroup"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsAlone">True where the bandwidth is the algorithm's.</param>
/// <param name="Busbw">The lines of the bandwidth, one a run; none where there is no size.</param>
/// <param name="Time">The lines of the time.</param>
/// <param name="Ranks">The ranks' own times, one a run that has several ranks.</param>
internal sealed record GroupData(
    string Name, bool IsAlone, IReadOnlyList<ChartLine> Busbw, IReadOnlyList<ChartLine> Time, IReadOnlyList<RankTimes> Ranks)
{
    public static GroupData Of(ResultGroup group) => new(
        group.Name, group.IsAlone, Lines(group, ChartFigure.Busbw), Lines(group, ChartFigure.Time),
        [.. group.Runs.Select(RankTimes.Of).OfType<RankTimes>()]);

    private static IReadOnlyList<ChartLine> Lines(ResultGroup group, ChartFigure figure) =>
        group.HasData ? [.. group.Runs.Select(run => ChartLine.Of(run.Run.Name, group, run, figure))] : [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(PageData))]
internal sealed partial class PageJson : JsonSerializerContext;
