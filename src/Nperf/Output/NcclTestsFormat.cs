using System.Globalization;
using System.Text;
using Nperf.Arguments;
using Nperf.Core.Options;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>
/// The run as nccl-tests prints one, for what reads that: a header, a row a size with the columns of both places, and the
/// average bus bandwidth. Each operation is a test of its own, as it is a program of its own there.
/// </summary>
internal static class NcclTestsFormat
{
    /// <summary>Stands where nothing was measured or checked.</summary>
    private const string Nothing = "N/A";

    private static readonly Dictionary<string, string> Types = new()
    {
        ["float32"] = "float",
        ["float64"] = "double",
        ["float16"] = "half",
        ["float8e4m3"] = "f8e4m3",
        ["float8e5m2"] = "f8e5m2",
    };

    private static readonly Dictionary<string, string> Programs = new()
    {
        ["allreduce"] = "all_reduce",
        ["allgather"] = "all_gather",
        ["reducescatter"] = "reduce_scatter",
    };

    /// <summary>The text; a run that failed has no average, so that nobody takes it for a good one.</summary>
    public static string Build(ResultsDocument document)
    {
        var text = new StringBuilder();
        bool isWhole = document.Error is null or { Code: ResultsDocument.WrongResults or ResultsDocument.ExpectationsNotMet };
        IGrouping<string, SizeResult>[] tests = [.. document.Results.Where(result => !result.Partial).GroupBy(result => result.Operation)];
        foreach (IGrouping<string, SizeResult> test in tests)
        {
            string program = $"{Programs.GetValueOrDefault(test.Key, test.Key)}_perf";
            Line(text, $"# Collective test starting: {program}");
            Header(text, document);
            foreach (IGrouping<Row, SizeResult> row in test.GroupBy(Row.Of)) Line(text, RowOf(row));
            if (!isWhole) continue;
            Footer(text, [.. test]);
            Line(text, $"# Collective test concluded: {program}");
            Line(text, "#");
        }

        if (tests.Length == 0) Header(text, document);
        if (!isWhole) Line(text, $"# Test failure: {ErrorLine.OneLine(document.Error!.Message)}");
        return text.ToString();
    }

    private static void Header(StringBuilder text, ResultsDocument document)
    {
        ConfigSection config = document.Config;
        int ranksOfProcess = document.Processes.Select(process => process.Ranks.Count).DefaultIfEmpty(0).Max();
        string step = config.StepBytes > 0 ? $"{config.StepBytes}(bytes)" : $"{config.StepFactor}(factor)";
        Line(text, $"# nThread 1 nGpus {ranksOfProcess} minBytes {config.MinBytes} maxBytes {config.MaxBytes} step: {step} "
            + $"warmup iters: {config.WarmupIterations} iters: {config.Iterations} agg iters: {config.Aggregate} "
            + $"validation: {(config.Verify == "none" ? 0 : 1)} graph: {config.GraphLaunches}");
        Line(text, "#");
        Line(text, "# Using devices");
        Split? split = null;
        if (config.Split is not null) _ = Values.Split(config.Split, out split);
        foreach ((int rank, string device) in document.Processes
            .SelectMany(process => process.Ranks.Select((rank, index) => (rank, DeviceOf(document, process, index))))
            .OrderBy(one => one.rank))
        {
            ProcessSection process = document.Processes.First(one => one.Ranks.Contains(rank));
            Line(text, $"#  Rank {rank,2} Group {split?.ColorOf(rank) ?? 0,2} Pid {process.ProcessId,6} on {process.Host} device {device}");
        }

        Line(text, "#");
        Line(text, $"#{"out-of-place",74}{"in-place",31}");
        Line(text, $"# {"size",10}  {"count",12}  {"type",8}  {"redop",6}  {"root",6}{PlaceOf("time", "algbw", "busbw", "#wrong")}{PlaceOf("time", "algbw", "busbw", "#wrong")}");
        Line(text, $"# {"(B)",10}  {"(elements)",12}  {"",8}  {"",6}  {"",6}{PlaceOf("(us)", "(GB/s)", "(GB/s)", "")}{PlaceOf("(us)", "(GB/s)", "(GB/s)", "")}".TrimEnd());
    }

    private static string DeviceOf(ResultsDocument document, ProcessSection process, int index)
    {
        string? uuid = process.Gpus?.ElementAtOrDefault(index);
        GpuSection? gpu = uuid is null ? null : document.Topology.Gpus.FirstOrDefault(one => one.Uuid == uuid);
        return gpu is not null ? $"{gpu.Id,2} [{gpu.PciBusId}] {gpu.Name}"
            : uuid is not null ? $" 0 [{uuid}]"
            : "-1 [host memory]";
    }

    private static string RowOf(IGrouping<Row, SizeResult> row)
    {
        SizeResult one = row.First();
        string type = Types.GetValueOrDefault(one.DataType, one.DataType);
        return $"{one.Bytes,12}  {one.Count,12}  {type,8}  {one.ReduceOp ?? "none",6}  {one.Root ?? -1,6}"
            + FiguresOf(row.FirstOrDefault(result => !result.InPlace)) + FiguresOf(row.FirstOrDefault(result => result.InPlace));
    }

    private static string FiguresOf(SizeResult? result) => result is null
        ? PlaceOf(Nothing, Nothing, Nothing, Nothing)
        : PlaceOf(TimeOf(result.TimeUs.Avg), TwoDecimals(result.Bandwidth), TwoDecimals(result.BusBandwidth), WrongOf(result));

    private static string PlaceOf(string time, string algbw, string busbw, string wrong) =>
        $"  {time,7}  {algbw,6}  {busbw,6}  {wrong,6}";

    private static string WrongOf(SizeResult result) => result.Wrong is { } wrong ? NumberFormat.Whole(wrong) : Nothing;

    private static string TimeOf(double microseconds) => microseconds switch
    {
        >= 9999.5 => microseconds.ToString("F0", CultureInfo.InvariantCulture),
        >= 99.95 => microseconds.ToString("F1", CultureInfo.InvariantCulture),
        _ => TwoDecimals(microseconds),
    };

    private static string TwoDecimals(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    private static void Footer(StringBuilder text, IReadOnlyList<SizeResult> results)
    {
        long wrong = results.Sum(result => result.Wrong ?? 0);
        // There are readers that look for the decimal point.
        string average = results.Average(result => result.BusBandwidth).ToString("0.0###", CultureInfo.InvariantCulture);
        Line(text, $"# Out of bounds values : {wrong} {(wrong == 0 ? "OK" : "FAILED")}");
        Line(text, $"# Avg bus bandwidth    : {average}");
        Line(text, "#");
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');

    /// <summary>What the results of a row have in common.</summary>
    private sealed record Row(string DataType, string? ReduceOp, int? Root, int Cycle, long RequestedBytes)
    {
        public static Row Of(SizeResult result) =>
            new(result.DataType, result.ReduceOp, result.Root, result.Cycle, result.RequestedBytes);
    }
}
