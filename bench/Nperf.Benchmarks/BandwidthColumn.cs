using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Nperf.Benchmarks;

/// <summary>GB/s of payload: the benchmark's parameter <c>Bytes</c> over its mean time.</summary>
internal sealed class BandwidthColumn : IColumn
{
    private const string Parameter = "Bytes";

    public string Id => nameof(BandwidthColumn);

    public string ColumnName => "GB/s";

    public string Legend => "10^9 bytes of payload a second";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Statistics;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(one => BytesOf(one) is not null);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
        BytesOf(benchmarkCase) is { } bytes && summary[benchmarkCase]?.ResultStatistics is { Mean: > 0 } time
            ? (bytes / time.Mean).ToString("0.00", CultureInfo.InvariantCulture)
            : "-";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        GetValue(summary, benchmarkCase);

    private static int? BytesOf(BenchmarkCase benchmarkCase) =>
        benchmarkCase.Parameters.Items.FirstOrDefault(item => item.Name == Parameter)?.Value as int?;
}
