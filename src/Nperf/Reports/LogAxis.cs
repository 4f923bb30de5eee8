using System.Globalization;

namespace Nperf.Reports;

/// <summary>A logarithmic axis: from where to where, and which values are named.</summary>
internal sealed class LogAxis
{
    private const int MostSizes = 9, MostFigures = 13;

    private static readonly int[] NamedDigits = [1, 2, 5];

    private readonly double _from, _to;

    private LogAxis(double from, double to, IReadOnlyList<(double Value, string Label)> ticks)
    {
        (_from, _to) = (Math.Log(from), Math.Log(to));
        Ticks = ticks;
    }

    /// <summary>What is named, in order.</summary>
    public IReadOnlyList<(double Value, string Label)> Ticks { get; }

    /// <summary>Sizes: powers of two.</summary>
    public static LogAxis OfSizes(IEnumerable<long> sizes)
    {
        long[] all = [.. sizes.DefaultIfEmpty(1)];
        int low = (int)Math.Floor(Math.Log2(all.Min())), high = (int)Math.Ceiling(Math.Log2(all.Max()));
        if (low == high) (low, high) = (low - 1, high + 1);
        int step = ((high - low) / MostSizes) + 1;
        var ticks = from exponent in Enumerable.Range(low, high - low + 1)
                    where exponent >= 0 && (exponent - low) % step == 0
                    select (Math.Pow(2, exponent), ReportPage.Size(1L << Math.Min(exponent, 62)));
        return new LogAxis(Math.Pow(2, low), Math.Pow(2, high), [.. ticks]);
    }

    /// <summary>Figures: 1, 2 and 5 of each power of ten, or 1 alone where those are many.</summary>
    public static LogAxis OfFigures(IEnumerable<double> values, ChartFigure figure)
    {
        double[] all = [.. values.DefaultIfEmpty(1)];
        double low = all.Min(), high = all.Max();
        double[] named = [.. Enumerable.Range(-13, 33).SelectMany(_ => NamedDigits, (power, digit) => digit * Math.Pow(10, power))];
        int first = Array.FindLastIndex(named, value => value <= low * 1.0001), last = Array.FindIndex(named, value => value >= high * 0.9999);
        if (first == last) (first, last) = (first - 1, last + 1);
        double[] within = named[first..(last + 1)];
        int decades = (int)Math.Log10(within[^1] / within[0]);
        double[] shown = within.Length <= MostFigures ? within
            : [.. within.Where((_, index) => (index + first) % 3 == 0 && ((index + first) / 3 % ((decades / MostFigures) + 1)) == 0)];
        return new LogAxis(within[0], within[^1], [.. shown.Select(value => (value, Label(value, figure)))]);
    }

    /// <summary>Where <paramref name="value"/> lies: 0 at the beginning, 1 at the end.</summary>
    public double Place(double value) => (Math.Log(value) - _from) / (_to - _from);

    private static string Label(double value, ChartFigure figure) => figure switch
    {
        ChartFigure.Time when value >= 1e6 => $"{Plain(value / 1e6)} s",
        ChartFigure.Time when value >= 1e3 => $"{Plain(value / 1e3)} ms",
        ChartFigure.Time => $"{Plain(value)} us",
        _ => Plain(value),
    };

    private static string Plain(double value) => ((decimal)value).ToString("0.##########", CultureInfo.InvariantCulture);
}
