using Nperf.Core.Results;
using Nperf.Output;
using static Nperf.Reports.ReportPage;

namespace Nperf.Reports;

/// <summary>The figures of a <see cref="ResultGroup"/> as a table: what the charts show, and the rest.</summary>
internal static class ResultTable
{
    private sealed record Column(string Name, string Unit, Func<RunResults, SizeResult, string> Of, bool IsText = false);

    public static Markup Build(ResultGroup group, bool isCompared)
    {
        Column[] columns = [.. Columns(group, isCompared)];
        var rows = group.Runs.SelectMany(run => run.Results, (run, result) => new { run, result }).OrderBy(row => row.result.Bytes);
        return Markup.Of($"""
            <div class="scroll" tabindex="0" role="group" aria-label="Table of {group.Name}"><table><caption>{group.Name}: figures</caption>
            <thead><tr>{Markup.Join(columns.Select(column => Markup.Of(
                $"""<th scope="col"{Class(column)}>{column.Name}{(column.Unit.Length > 0 ? Markup.Of($" <small>({column.Unit})</small>") : Markup.None)}</th>""")))}</tr></thead><tbody>
            {Markup.Join(rows.Select(row => Row(columns, row.run, row.result)))}</tbody></table></div>
            """);
    }

    private static Markup Row(Column[] columns, RunResults run, SizeResult result) => Markup.Of($"""
        <tr{new Markup(result.Wrong > 0 ? " class=\"wrong\"" : "")}><th scope="row">{columns[0].Of(run, result)}</th>{Markup.Join(columns.Skip(1).Select(column => Markup.Of(
            $"<td{Class(column)}>{column.Of(run, result)}</td>")))}</tr>

        """);

    private static Markup Class(Column column) => new(column.IsText ? "" : " class=\"n\"");

    private static IEnumerable<Column> Columns(ResultGroup group, bool isCompared)
    {
        SizeResult[] all = [.. group.Runs.SelectMany(run => run.Results)];
        yield return group.HasData
            ? new("size", "", (_, result) => Size(result.Bytes) + (result.Partial ? ", stopped" : ""), IsText: true)
            : new("run", "", (run, _) => run.Run.Name, IsText: true);
        if (group.HasData) yield return new("bytes", "", (_, result) => NumberFormat.Whole(result.Bytes));
        if (isCompared && group.HasData) yield return new("run", "", (run, _) => run.Run.Name, IsText: true);
        if (all.Any(result => result.Cycle > 1)) yield return new("cycle", "", (_, result) => NumberFormat.Whole(result.Cycle));
        yield return new("time", "us", (_, result) => Time(result.TimeUs.Avg));
        if (all.Any(result => result.Precision is not null))
            yield return new("known to within", "", (_, result) => result.Precision?.Reached is { } part ? NumberFormat.Percent(part) : NumberFormat.Nothing);
        yield return new("min", "us", (_, result) => Time(result.TimeUs.Min));
        yield return new("p50", "us", (_, result) => Time(result.TimeUs.P50));
        yield return new("p99", "us", (_, result) => Time(result.TimeUs.P99));
        yield return new("max", "us", (_, result) => Time(result.TimeUs.Max));
        if (group.HasData)
        {
            yield return new("algbw", "GB/s", (_, result) => NumberFormat.Bandwidth(result.Bandwidth));
            if (!group.IsAlone) yield return new("busbw", "GB/s", (_, result) => NumberFormat.Bandwidth(result.BusBandwidth));
        }

        yield return new("slowest", "rank", (_, result) => NumberFormat.Whole(result.SlowestRank));
        yield return new("wrong", "", (_, result) => result.Wrong is { } wrong ? NumberFormat.Whole(wrong) : NumberFormat.Nothing);
        yield return new("iterations", "", (_, result) => NumberFormat.Whole(result.Iterations));
        if (all.Any(result => result.Algorithm is not null)) yield return new("algorithm", "", (_, result) => result.Algorithm ?? NumberFormat.Nothing, IsText: true);
        if (all.Any(result => result.Protocol is not null)) yield return new("protocol", "", (_, result) => result.Protocol ?? NumberFormat.Nothing, IsText: true);
        if (all.Any(result => result.Channels is not null)) yield return new("channels", "", (_, result) => result.Channels is { } channels ? NumberFormat.Whole(channels) : NumberFormat.Nothing);
    }
}
