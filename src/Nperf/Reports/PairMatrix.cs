using Nperf.Core.Results;

namespace Nperf.Reports;

/// <summary>What each pair of ranks does, as a matrix from senders to receivers.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Ranks">The ranks that it has, in order.</param>
/// <param name="Places">Where each is.</param>
/// <param name="Links">The pairs that were measured.</param>
internal sealed record PairMatrix(string Run, IReadOnlyList<int> Ranks, IReadOnlyList<string> Places, IReadOnlyList<PairCell> Links)
{
    /// <summary>That of <paramref name="run"/>, or null where it measured no pairs.</summary>
    public static PairMatrix? Of(ReportRun run)
    {
        if (run.Document.Pairs is not { Links.Count: > 0 } pairs) return null;
        int[] ranks = [.. pairs.Links.SelectMany(link => new[] { link.From, link.To }).Distinct().Order()];
        int PlaceOf(int rank) => Array.BinarySearch(ranks, rank);
        Dictionary<string, PairClass> typical = pairs.Classes.DistinctBy(one => one.Class).ToDictionary(one => one.Class);
        return new PairMatrix(run.Name, ranks, [.. ranks.Select(run.PlaceOf)],
        [
            .. from link in pairs.Links.DistinctBy(link => (link.From, link.To))
               let alike = typical.GetValueOrDefault(link.Class)
               select new PairCell(
                   PlaceOf(link.From), PlaceOf(link.To), link.Class, Sound(link.Bandwidth), Sound(link.LatencyUs),
                   Sound(link.Bandwidth / alike?.Bandwidth), Sound(alike?.LatencyUs / link.LatencyUs)),
        ]);
    }

    private static double? Sound(double? value) => value is >= 0 and <= 1e15 ? double.Round(value.Value, 6) : null;
}

/// <summary>One direction of a pair.</summary>
/// <param name="From">The sender's row.</param>
/// <param name="To">The receiver's column.</param>
/// <param name="Class">What lies between them.</param>
/// <param name="Bandwidth">GB/s.</param>
/// <param name="Latency">Microseconds.</param>
/// <param name="BandwidthSpeed">The bandwidth over what is typical of the class: below 1 is slower.</param>
/// <param name="LatencySpeed">What is typical of the class over the latency: below 1 is slower.</param>
internal sealed record PairCell(
    int From, int To, string Class, double? Bandwidth, double? Latency, double? BandwidthSpeed, double? LatencySpeed)
{
    /// <summary>The figure.</summary>
    public double? Value(bool isLatency) => isLatency ? Latency : Bandwidth;

    /// <summary>How fast that is, among pairs alike.</summary>
    public double? Speed(bool isLatency) => isLatency ? LatencySpeed : BandwidthSpeed;
}
