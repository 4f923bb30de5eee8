using Nperf.Core.Results;

namespace Nperf.Reports;

/// <summary>What a chart shows over the size.</summary>
internal enum ChartFigure
{
    /// <summary>Bus bandwidth, GB/s.</summary>
    Busbw,

    /// <summary>Time of one iteration, microseconds.</summary>
    Time,

    /// <summary>Bandwidth from each rank to each other; no line.</summary>
    Pairs,
}

/// <summary>One line of a chart.</summary>
/// <param name="Name">What it is called in the legend.</param>
/// <param name="Points">A point a size, by size: with several cycles, what they have in common.</param>
/// <param name="Cycles">Every single result where there are several of a size, else none.</param>
internal sealed record ChartLine(string Name, IReadOnlyList<ChartPoint> Points, IReadOnlyList<ChartPoint> Cycles)
{
    /// <summary>The line of <paramref name="results"/>.</summary>
    public static ChartLine Of(string name, ResultGroup group, RunResults results, ChartFigure figure)
    {
        ChartPoint[] all = [.. results.Results.Select(result => Point(group, result, figure))];
        ChartPoint[] points =
        [
            .. all.GroupBy(point => point.Bytes, (bytes, some) => some.ToArray() is [var one] ? one : new ChartPoint(
                bytes, Mean(some.Select(point => point.Value)), some.Min(point => point.Low), some.Max(point => point.High))),
        ];
        return new ChartLine(name, points, points.Length == all.Length ? [] : all);
    }

    // Times are averaged over cycles as a run averages them over iterations; bandwidths accordingly.
    private static double? Mean(IEnumerable<double?> values) => values.Any(value => value is null) ? null : values.Average();

    private static ChartPoint Point(ResultGroup group, SizeResult result, ChartFigure figure)
    {
        TimeStatistics time = result.TimeUs;
        if (figure == ChartFigure.Time) return ChartPoint.Of(result.Bytes, time.Avg, time.Min, time.P99);
        double value = group.BandwidthOf(result), bytes = value * time.Avg;
        return ChartPoint.Of(result.Bytes, value, bytes / time.P99, bytes / time.Min);
    }
}

/// <summary>A point of a chart. What cannot stand on a logarithmic axis is null.</summary>
/// <param name="Bytes">The size.</param>
/// <param name="Value">The headline.</param>
/// <param name="Low">Where the spread begins: the shortest single iteration, or the 99th percentile.</param>
/// <param name="High">Where it ends.</param>
internal sealed record ChartPoint(long Bytes, double? Value, double? Low, double? High)
{
    private const double Smallest = 1e-12, Largest = 1e18;

    public static ChartPoint Of(long bytes, double value, double low, double high) =>
        new(bytes, Shown(value), Shown(low), Shown(high));

    private static double? Shown(double value) => value is >= Smallest and <= Largest ? double.Round(value, 12) : null;
}
