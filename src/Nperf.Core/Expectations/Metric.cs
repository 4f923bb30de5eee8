using Nperf.Core.Results;

namespace Nperf.Core.Expectations;

/// <summary>A figure of a result that something can be expected of.</summary>
/// <param name="Name">As the table calls it.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Of">Reads it; null where the result has none.</param>
internal sealed record Metric(string Name, string Unit, Func<SizeResult, double?> Of)
{
    private const string Bandwidth = "GB/s", Time = "us";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new("busbw", Bandwidth, result => HasData(result) && result.BusBandwidth > 0 ? result.BusBandwidth : null),
        new("algbw", Bandwidth, result => HasData(result) ? result.Bandwidth : null),
        new("time", Time, result => result.TimeUs.Avg),
        new("min", Time, result => result.TimeUs.Min),
        new("max", Time, result => result.TimeUs.Max),
        new("p50", Time, result => result.TimeUs.P50),
        new("p95", Time, result => result.TimeUs.P95),
        new("p99", Time, result => result.TimeUs.P99),
    ];

    /// <summary>True for a time, false for a bandwidth.</summary>
    public bool IsTime => Unit == Time;

    private static bool HasData(SizeResult result) => Collectives.Operations.Find(result.Operation)?.HasData ?? true;
}
