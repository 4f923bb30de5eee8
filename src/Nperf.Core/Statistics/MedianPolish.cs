namespace Nperf.Core.Statistics;

/// <summary>
/// An additive fit of a table by medians: value = typical + row + column + rest. Up to half of a row or a column may be wild and
/// does not move its effect. Tukey, Exploratory Data Analysis (1977), chapter 11; rows and columns with fewer than two values
/// have no effect of their own, and what is missing (NaN) is left out.
/// </summary>
internal sealed class MedianPolish
{
    private const int MostSweeps = 20;
    private const double Settled = 1e-6;

    private MedianPolish(double typical, double[] rows, double[] columns, double[,] rest) =>
        (Typical, Rows, Columns, Rest) = (typical, rows, columns, rest);

    /// <summary>The value of a typical row in a typical column.</summary>
    public double Typical { get; }

    /// <summary>By how much each row lies above it; their median is 0.</summary>
    public IReadOnlyList<double> Rows { get; }

    /// <summary>By how much each column lies above it; their median is 0.</summary>
    public IReadOnlyList<double> Columns { get; }

    /// <summary>What is left of each value; NaN where there was none.</summary>
    public double[,] Rest { get; }

    /// <summary>The fit of <paramref name="table"/>; NaN is a value that is missing.</summary>
    public static MedianPolish Of(double[,] table)
    {
        ArgumentNullException.ThrowIfNull(table);
        double[,] rest = (double[,])table.Clone();
        int rows = table.GetLength(0), columns = table.GetLength(1);
        double[] ofRows = new double[rows], ofColumns = new double[columns];
        double typical = Median(rest.Cast<double>());
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) rest[row, column] -= typical;
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            double moved = Sweep(ofRows, columns, (row, column) => ref rest[row, column], ref typical);
            moved = Math.Max(moved, Sweep(ofColumns, rows, (column, row) => ref rest[row, column], ref typical));
            if (moved < Settled) break;
        }

        return new MedianPolish(typical, ofRows, ofColumns, rest);
    }

    /// <summary>The median of those that are numbers; 0 where there are none.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(value => !double.IsNaN(value)).Order()];
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>
    /// The spread of <paramref name="values"/> around their median as the standard deviation of a normal distribution with the same
    /// median absolute deviation (1.4826 times that; Rousseeuw and Croux, 1993).
    /// </summary>
    public static double Spread(IEnumerable<double> values)
    {
        double[] all = [.. values.Where(value => !double.IsNaN(value))];
        double middle = Median(all);
        return 1.4826 * Median(all.Select(value => Math.Abs(value - middle)));
    }

    private delegate ref double Cell(int line, int place);

    /// <summary>Moves the medians of the lines from what is left into their effects; returns the largest.</summary>
    private static double Sweep(double[] effects, int length, Cell cell, ref double typical)
    {
        double moved = 0;
        for (int line = 0; line < effects.Length; line++)
        {
            double[] values = [.. Enumerable.Range(0, length).Select(place => cell(line, place)).Where(value => !double.IsNaN(value))];
            if (values.Length < 2) continue;
            double median = Median(values);
            moved = Math.Max(moved, Math.Abs(median));
            effects[line] += median;
            for (int place = 0; place < length; place++) cell(line, place) -= median;
        }

        double middle = Median(effects);
        typical += middle;
        for (int line = 0; line < effects.Length; line++) effects[line] -= middle;
        return moved;
    }
}
