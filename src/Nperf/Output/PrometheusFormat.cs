using System.Globalization;
using System.Text;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>
/// The run as metrics in Prometheus' text form, for the textfile collector of a node_exporter: gauges in base units (seconds,
/// bytes, bytes per second). Of several cycles the last one counts, for a series has one value.
/// </summary>
internal static class PrometheusFormat
{
    private const double SecondsOfMicroseconds = 1e-6;
    private const double BytesOfGigabytes = 1e9;

    private static readonly (string Name, string Help, Func<SizeResult, double?> Value)[] OfSizes =
    [
        ("nperf_bus_bandwidth_bytes_per_second", "Algorithm bandwidth times the operation's factor.",
            result => result.BusBandwidth * BytesOfGigabytes),
        ("nperf_algorithm_bandwidth_bytes_per_second", "Size over the time of an operation.",
            result => result.Bandwidth * BytesOfGigabytes),
        ("nperf_time_seconds", "Time of an operation: back-to-back operations over their number, averaged over ranks.",
            result => result.TimeUs.Avg * SecondsOfMicroseconds),
        ("nperf_time_min_seconds", "Shortest single operation of any rank.", result => result.TimeUs.Min * SecondsOfMicroseconds),
        ("nperf_time_max_seconds", "Longest single operation of any rank.", result => result.TimeUs.Max * SecondsOfMicroseconds),
        ("nperf_time_p50_seconds", "Median of the single operations of all ranks.", result => result.TimeUs.P50 * SecondsOfMicroseconds),
        ("nperf_time_p99_seconds", "99th percentile of the single operations of all ranks.",
            result => result.TimeUs.P99 * SecondsOfMicroseconds),
        ("nperf_operations", "Timed operations.", result => result.Iterations),
        ("nperf_wrong_elements", "Wrong elements found on all ranks; absent where nothing was checked.", result => result.Wrong),
        ("nperf_slowest_rank", "The rank with the longest average time.", result => result.SlowestRank),
    ];

    /// <summary>The text of a run; of one that failed, what was measured until then and a success of 0.</summary>
    public static string Build(ResultsDocument document)
    {
        var text = new StringBuilder();
        // A size that was stopped half-way is no measurement; a series that stands twice is refused as a whole.
        var series = new Dictionary<string, SizeResult>();
        foreach (SizeResult result in document.Results.Where(result => !result.Partial)) series[LabelsOf(result)] = result;
        foreach ((string name, string help, Func<SizeResult, double?> value) in OfSizes)
            Append(text, name, help, series.Select(one => (one.Key, value(one.Value))));

        Append(text, "nperf_run_info", "What was run, and with what.", [(LabelsOf(document), 1)]);
        Append(text, "nperf_run_ranks", "Ranks that took part.", [("", document.Config.NumGpus)]);
        Append(text, "nperf_run_start_time_seconds", "When the run began, in seconds since 1970-01-01 UTC.",
            [("", document.StartedAt.ToUnixTimeMilliseconds() / 1e3)]);
        Append(text, "nperf_expectation_met", "1 where the figures are as was expected.",
            (document.Expectations ?? []).DistinctBy(one => one.Expectation)
                .Select(one => (Labels(("expectation", one.Expectation)), (double?)(one.Met ? 1 : 0))));
        Append(text, "nperf_run_success", "1 where the run ended as it should, with right results and what was expected.",
            [("", document.Error is null ? 1 : 0)]);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, string help, IEnumerable<(string Labels, double? Value)> series)
    {
        (string Labels, double? Value)[] there = [.. series.Where(one => one.Value is not null)];
        if (there.Length == 0) return;
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n");
        foreach ((string labels, double? value) in there)
            text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {value!.Value:R}\n");
    }

    private static string LabelsOf(SizeResult result) => Labels(
        ("operation", result.Operation),
        ("data_type", result.DataType),
        ("reduction", result.ReduceOp),
        ("root", result.Root?.ToString(CultureInfo.InvariantCulture)),
        ("in_place", result.InPlace ? "true" : "false"),
        ("size_bytes", NumberFormat.Whole(result.Bytes)));

    private static string LabelsOf(ResultsDocument document) => Labels(
        ("version", document.Version),
        ("mode", document.Config.Mode),
        ("backend", document.Config.Backend),
        ("transports", document.Transports),
        ("hostname", document.Environment.Hostname),
        ("nccl_version", document.Environment.NcclVersion),
        ("driver_version", document.Environment.DriverVersion),
        ("mpi_version", document.Environment.MpiVersion));

    /// <summary>An absent label and an empty one are the same.</summary>
    private static string Labels(params (string Name, string? Value)[] labels) =>
        $"{{{string.Join(',', labels.Where(label => label.Value is not null).Select(label => $"{label.Name}=\"{Escaped(label.Value!)}\""))}}}";

    private static string Escaped(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
