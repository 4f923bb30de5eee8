using System.Globalization;
using System.Text;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>
/// A line a result under a header, as RFC 4180 has it: commas, quotes where a value needs them, lines that end in CR LF. The
/// columns are the document's fields; what is null there is empty here.
/// </summary>
internal static class CsvFormat
{
    private static readonly (string Name, Func<ResultsDocument, SizeResult, object?> Value)[] Columns =
    [
        ("operation", (_, result) => result.Operation),
        ("dataType", (_, result) => result.DataType),
        ("reduceOp", (_, result) => result.ReduceOp),
        ("root", (_, result) => result.Root),
        ("inPlace", (_, result) => result.InPlace),
        ("cycle", (_, result) => result.Cycle),
        ("bytes", (_, result) => result.Bytes),
        ("requestedBytes", (_, result) => result.RequestedBytes),
        ("count", (_, result) => result.Count),
        ("iterations", (_, result) => result.Iterations),
        ("avgUs", (_, result) => result.TimeUs.Avg),
        ("minUs", (_, result) => result.TimeUs.Min),
        ("maxUs", (_, result) => result.TimeUs.Max),
        ("stddevUs", (_, result) => result.TimeUs.Stddev),
        ("p50Us", (_, result) => result.TimeUs.P50),
        ("p95Us", (_, result) => result.TimeUs.P95),
        ("p99Us", (_, result) => result.TimeUs.P99),
        ("samples", (_, result) => result.TimeUs.Samples),
        ("enqueueUs", (_, result) => result.EnqueueUs),
        ("bandwidth", (_, result) => result.Bandwidth),
        ("busBandwidth", (_, result) => result.BusBandwidth),
        ("wrong", (_, result) => result.Wrong),
        ("partial", (_, result) => result.Partial),
        ("slowestRank", (_, result) => result.SlowestRank),
        ("algorithm", (_, result) => result.Algorithm),
        ("protocol", (_, result) => result.Protocol),
        ("channels", (_, result) => result.Channels),
        ("numGpus", (document, _) => document.Config.NumGpus),
        ("backend", (document, _) => document.Config.Backend),
        ("transports", (document, _) => document.Transports),
        ("hostname", (document, _) => document.Environment.Hostname),
        ("startedAt", (document, _) => document.StartedAt),
    ];

    /// <summary>The text of a run; of one that failed, what was measured until then.</summary>
    public static string Build(ResultsDocument document)
    {
        if (document.Pairs is { } pairs) return Build(document, pairs);
        var text = new StringBuilder();
        Append(text, Columns.Select(column => column.Name));
        foreach (SizeResult result in document.Results) Append(text, Columns.Select(column => Text(column.Value(document, result))));
        return text.ToString();
    }

    /// <summary>A line a direction of a pair.</summary>
    private static string Build(ResultsDocument document, PairsSection pairs)
    {
        var text = new StringBuilder();
        Append(text, ["from", "to", "fromHost", "toHost", "class", "bytes", "timeUs", "bandwidth", "latencyUs", "wrong"]);
        string[] hosts = [.. Enumerable.Range(0, document.Config.NumGpus).Select(document.HostOf)];
        foreach (PairLink link in pairs.Links)
        {
            object?[] values =
            [
                link.From, link.To, hosts[link.From], hosts[link.To], link.Class, pairs.Bytes, link.TimeUs,
                link.Bandwidth, link.LatencyUs, link.Wrong,
            ];
            Append(text, values.Select(Text));
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> values) =>
        text.AppendJoin(',', values.Select(Quoted)).Append("\r\n");

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Quoted(string value) =>
        value.AsSpan().ContainsAny("\",\r\n") ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
}
