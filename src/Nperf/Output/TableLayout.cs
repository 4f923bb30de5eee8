using System.Globalization;
using Nperf.Core.Collectives;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>The columns that fit into a width, and the lines they make. Every line has the same length.</summary>
internal sealed class TableLayout
{
    /// <summary>The width where the output is no terminal.</summary>
    public const int FullWidth = 120;

    private const int SmallestSizeWidth = 10;

    /// <summary>
    /// Columns for <paramref name="width"/> characters, a run of <paramref name="worldSize"/> ranks and sizes up to
    /// <paramref name="maxBytes"/>; with <paramref name="hasPrecision"/> it says how well times are known.
    /// </summary>
    public TableLayout(int width, int worldSize, long maxBytes, bool hasPrecision = false)
    {
        int sizeWidth = Math.Max(SmallestSizeWidth, NumberFormat.Whole(maxBytes).Length);
        List<Column> columns = AllColumns(worldSize, sizeWidth);
        if (hasPrecision) columns.Insert(columns.FindIndex(column => column.Name == "time") + 1, Precision);
        while (columns.Sum(column => column.Width + 1) - 1 > width)
        {
            Column next = columns.MaxBy(column => column.DroppedAs)!;
            if (next.DroppedAs == 0) break;
            columns.Remove(next);
        }

        Columns = columns;
        NamesSections = columns.Count(column => column.Name is "type" or "redop" or "root") == 3;
    }

    /// <summary>The columns, from left to right.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>True when each row says which type, reduction and root it is of.</summary>
    public bool NamesSections { get; }

    /// <summary>The first line of the heading: names.</summary>
    public string Names => Line(column => column.Name);

    /// <summary>The second line of the heading: units.</summary>
    public string Units => Line(column => column.Unit);

    /// <summary>The line of a result.</summary>
    public string Row(SizeResult result) => Line(column => column.Text(result));

    private string Line(Func<Column, string> text) =>
        string.Join(' ', Columns.Select(column => column.Align(text(column))));

    private static Column Precision { get; } = new("+/-", "(%)", 5, result =>
        result.Precision?.Reached is { } reached ? NumberFormat.Time(100 * reached) : NumberFormat.Nothing);

    private static List<Column> AllColumns(int worldSize, int sizeWidth) =>
    [
        new("size", "(B)", sizeWidth, result => OfData(result, NumberFormat.Whole(result.Bytes))),
        new("count", "(elements)", sizeWidth, result => OfData(result, NumberFormat.Whole(result.Count)))
            { DroppedAs = 1 },
        new("type", "", 8, result => OfData(result, result.DataType)) { DroppedAs = 4, IsWord = true },
        new("redop", "", 5, result => result.ReduceOp ?? NumberFormat.Nothing) { DroppedAs = 5, IsWord = true },
        new("root", "", 4, result => result.Root?.ToString(CultureInfo.InvariantCulture) ?? NumberFormat.Nothing)
            { DroppedAs = 6 },
        new("time", "(us)", 9, result => NumberFormat.Time(result.TimeUs.Avg)),
        new("min", "(us)", 9, result => NumberFormat.Time(result.TimeUs.Min)) { DroppedAs = 8 },
        new("max", "(us)", 9, result => NumberFormat.Time(result.TimeUs.Max)) { DroppedAs = 2 },
        new("p99", "(us)", 9, result => NumberFormat.Time(result.TimeUs.P99)) { DroppedAs = 3 },
        new("algbw", "(GB/s)", 8, result => OfData(result, NumberFormat.Bandwidth(result.Bandwidth))),
        new("busbw", "(GB/s)", 8, result => worldSize == 1
            ? NumberFormat.Nothing
            : OfData(result, NumberFormat.Bandwidth(result.BusBandwidth))),
        new("slowest", "(rank)", 7, result => worldSize == 1
            ? NumberFormat.Nothing
            : NumberFormat.Whole(result.SlowestRank)) { DroppedAs = 7 },
        new("wrong", "", 6, result => result.Wrong is { } wrong ? NumberFormat.Whole(wrong) : NumberFormat.Nothing),
    ];

    private static string OfData(SizeResult result, string text) => HasData(result) ? text : NumberFormat.Nothing;

    /// <summary>False for the barrier, which has no size and no bandwidth.</summary>
    public static bool HasData(SizeResult result) => Operations.Find(result.Operation)?.HasData ?? true;
}
