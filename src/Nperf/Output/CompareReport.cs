using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Nperf.Core.Comparison;

namespace Nperf.Output;

/// <summary>What <c>nperf compare</c> says.</summary>
internal sealed class CompareReport(
    IReadOnlyList<RunDocument> before, IReadOnlyList<RunDocument> after, RunComparison comparison, double maxRegression,
    IReadOnlyList<string> remarks)
{
    /// <summary>For people.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append($"base: {Runs(before)}\nnew:  {Runs(after)}\n");
        foreach (IGrouping<string, ComparedSize> section in comparison.Sizes.GroupBy(size => NameOf(size.Key)))
        {
            text.Append($"\n{section.Key}\n");
            Row(text, "size", "base", "new", "ratio", "noise", "");
            Row(text, "(B)", "(us)", "(us)", "(time)", "", "");
            foreach (ComparedSize size in section)
            {
                Row(text, NumberFormat.Whole(size.Key.Bytes), NumberFormat.Time(size.BaseUs), NumberFormat.Time(size.NewUs),
                    RatioOf(size.Difference), NoiseOf(size.Difference), WordOf(size.Difference));
            }
        }

        Difference overall = comparison.Overall;
        text.Append($"\nall sizes: {SentenceOf(overall)}\n");
        foreach (string note in Notes()) text.Append($"note: {ErrorLine.OneLine(note)}\n");
        text.Append($"{Result()}\n");
        return text.ToString();
    }

    /// <summary>For scripts.</summary>
    public byte[] ToJson()
    {
        var document = new CompareDocument
        {
            Base = [.. before.Select(run => run.Name)],
            New = [.. after.Select(run => run.Name)],
            Sizes = [.. comparison.Sizes.Select(size => new CompareRow(
                size.Key.Operation, size.Key.DataType, size.Key.ReduceOp, size.Key.Root, size.Key.InPlace, size.Key.Bytes, size.BaseUs,
                size.NewUs, size.Difference.Ratio, size.Difference.NoisePart, VerdictOf(size.Difference)))],
            Overall = new CompareOverall(comparison.Overall.Ratio, comparison.Overall.NoisePart, VerdictOf(comparison.Overall)),
            MaxRegression = maxRegression,
            Worse = comparison.IsWorse(maxRegression),
            Notes = [.. Notes()],
        };
        return [.. JsonSerializer.SerializeToUtf8Bytes(document, CompareJson.Default.CompareDocument), (byte)'\n'];
    }

    private IEnumerable<string> Notes()
    {
        foreach (string remark in remarks) yield return remark;
        if (!comparison.NoiseIsKnown)
        {
            yield return "too few runs to see how runs of the same differ: that processes differ by 1 % is assumed; "
                + "three or more a side, best in turns, show it";
        }
    }

    private string Result()
    {
        if (comparison.IsWorse(maxRegression)) return "worse";
        bool isSlower = comparison.IsWorse(0);
        return isSlower ? $"slower, by no more than {NumberFormat.Percent(maxRegression)} (--max-regression)"
            : comparison.Overall.Verdict == Verdict.Faster || comparison.Sizes.Any(size => size.Difference.Verdict == Verdict.Faster) ? "better"
            : "equal: no difference beyond noise";
    }

    private static string SentenceOf(Difference difference) => difference.Verdict == Verdict.Equal
        ? $"ratio {RatioOf(difference)}, within noise ({NoiseOf(difference)})"
        : $"ratio {RatioOf(difference)}, {WordOf(difference)} by more than noise ({NoiseOf(difference)})";

    private static string RatioOf(Difference difference) => difference.Ratio.ToString("F3", CultureInfo.InvariantCulture);

    private static string NoiseOf(Difference difference) =>
        difference.NoisePart > 1 ? "> 100 %" : $"+-{NumberFormat.Percent(difference.NoisePart)}";

    private static string WordOf(Difference difference) => difference.Verdict == Verdict.Equal ? "within noise" : VerdictOf(difference);

    private static string VerdictOf(Difference difference) => difference.Verdict.ToString().ToLowerInvariant();

    // What stands in files of others, too.
    private static string NameOf(ResultKey key) =>
        ErrorLine.OneLine(Summary.NameOf(key.Operation, key.DataType, key.ReduceOp, key.Root, key.InPlace));

    private static string Runs(IReadOnlyList<RunDocument> runs) => ErrorLine.OneLine(
        $"{(runs.Count == 1 ? "1 run" : $"{runs.Count} runs")}, {runs[0].Name}{(runs.Count == 1 ? "" : $" to {runs[^1].Name}")}, "
        + $"nperf {string.Join(" and ", runs.Select(run => run.Document.Version).Distinct())}");

    private static void Row(StringBuilder text, string size, string before, string after, string ratio, string noise, string verdict) =>
        text.Append($"{size,12} {before,9} {after,9} {ratio,7} {noise,9}  {verdict}".TrimEnd()).Append('\n');
}

/// <summary>What <c>nperf compare -J</c> prints. Times are in microseconds, noise and the regression parts of the time.</summary>
internal sealed record CompareDocument
{
    public required IReadOnlyList<string> Base { get; init; }

    public required IReadOnlyList<string> New { get; init; }

    public required IReadOnlyList<CompareRow> Sizes { get; init; }

    public required CompareOverall Overall { get; init; }

    public required double MaxRegression { get; init; }

    public required bool Worse { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>A size of <see cref="CompareDocument"/>.</summary>
internal sealed record CompareRow(
    string Operation, string DataType, string? ReduceOp, int? Root, bool InPlace, long Bytes, double BaseUs, double NewUs, double Ratio,
    double Noise, string Verdict);

/// <summary>All sizes of <see cref="CompareDocument"/> together.</summary>
internal sealed record CompareOverall(double Ratio, double Noise, string Verdict);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NewLine = "\n")]
[JsonSerializable(typeof(CompareDocument))]
internal sealed partial class CompareJson : JsonSerializerContext;
