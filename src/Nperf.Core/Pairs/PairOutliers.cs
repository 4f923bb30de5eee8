using System.Globalization;
using Nperf.Core.Results;
using Nperf.Core.Statistics;

namespace Nperf.Core.Pairs;

/// <summary>Names what is slow among the pairs: class by class of pairs that are alike, by bandwidth and by latency.</summary>
internal sealed class PairOutliers(PairFigures figures, PairPlaces places, long bytes)
{
    /// <summary>Latencies differ by more than bandwidths do, and a part of a microsecond slows nobody.</summary>
    private const double LeastLossOfLatency = 0.5;

    private const string Bandwidth = "bandwidth", Latency = "latency";

    private readonly int _ranks = figures.Ranks;

    /// <summary>All of them, the slowest first.</summary>
    public IReadOnlyList<OutlierSection> Find()
    {
        var found = new List<OutlierSection>();
        foreach (string link in Classes())
        {
            IReadOnlyList<OutlierSection> slow = OfBandwidth(link);
            found.AddRange(slow);
            // What is slow is late too: one finding of it is enough.
            found.AddRange(Of(link, Latency, LeastLossOfLatency, (from, to) => 1 / figures.LatencyUs(from, to))
                .Where(late => !slow.Any(one => late.Ranks.Any(one.Ranks.Contains))));
        }

        return [.. found.OrderBy(one => one.Ratio)];
    }

    /// <summary>Those of a class that show in bandwidth.</summary>
    public IReadOnlyList<OutlierSection> OfBandwidth(string link) =>
        [.. Of(link, Bandwidth, 0, (from, to) => bytes / figures.TimeUs(from, to) / 1e3)];

    /// <summary>The classes that there are.</summary>
    public IReadOnlyList<string> Classes() => [.. Links().Select(pair => places.ClassOf(pair.From, pair.To)).Distinct()];

    /// <summary>Every direction of every pair that was measured.</summary>
    public IEnumerable<(int From, int To)> Links() =>
        from one in Enumerable.Range(0, _ranks)
        from other in Enumerable.Range(0, _ranks)
        where one != other && figures.Has(one, other)
        select (one, other);

    private IEnumerable<OutlierSection> Of(string link, string metric, double leastLoss, Func<int, int, double> speed)
    {
        double[,] speeds = new double[_ranks, _ranks];
        for (int from = 0; from < _ranks; from++)
        {
            for (int to = 0; to < _ranks; to++)
            {
                bool counts = from != to && figures.Has(from, to) && places.ClassOf(from, to) == link;
                speeds[from, to] = counts ? speed(from, to) : double.NaN;
            }
        }

        SlowEffect[] slow = [.. SlowEffect.Find(speeds).Where(effect => effect.Ratio <= 1 - leastLoss)];
        double typical = MedianPolish.Median(speeds.Cast<double>());
        return [.. Ranks(slow, speeds, link, metric, typical), .. Pairs(slow, speeds, link, metric, typical)];
    }

    private IEnumerable<OutlierSection> Ranks(SlowEffect[] slow, double[,] speeds, string link, string metric, double typical)
    {
        Dictionary<int, double> senders = slow.Where(one => one.Receiver is null).ToDictionary(one => one.Sender!.Value, one => one.Ratio);
        Dictionary<int, double> receivers = slow.Where(one => one.Sender is null).ToDictionary(one => one.Receiver!.Value, one => one.Ratio);
        var single = senders.Keys.Union(receivers.Keys).Order().Select(rank => (Rank: rank, Direction:
            !receivers.ContainsKey(rank) ? "send" : !senders.ContainsKey(rank) ? "receive" : "both")).ToList();
        foreach (IReadOnlyList<int> host in places.Hosts.Where(host => host.Count > 1))
        {
            var own = single.Where(one => host.Contains(one.Rank)).ToArray();
            if (own.Length < host.Count || own.Select(one => one.Direction).Distinct().Count() > 1) continue;
            single.RemoveAll(own.Contains);
            yield return Outlier("host", [.. host], own[0].Direction, host);
        }

        foreach ((int rank, string direction) in single) yield return Outlier("rank", [rank], direction, [rank]);

        OutlierSection Outlier(string kind, int[] ranks, string direction, IReadOnlyList<int> members)
        {
            double ratio = members.Min(rank => Math.Min(senders.GetValueOrDefault(rank, 1), receivers.GetValueOrDefault(rank, 1)));
            IEnumerable<double> own = members.SelectMany(rank => Enumerable.Range(0, _ranks).SelectMany(peer =>
                new[] { direction != "receive" ? speeds[rank, peer] : double.NaN, direction != "send" ? speeds[peer, rank] : double.NaN }));
            string does = direction switch { "send" => "sends", "receive" => "receives", _ => "sends and receives" };
            return Named(kind, ranks, link, direction, metric, ratio, $"{does} {At(metric, MedianPolish.Median(own), typical, link)}");
        }
    }

    /// <summary>Pairs whose two ranks are fine with others.</summary>
    private IEnumerable<OutlierSection> Pairs(SlowEffect[] slow, double[,] speeds, string link, string metric, double typical)
    {
        SlowEffect[] pairs = [.. slow.Where(one => one is { Sender: not null, Receiver: not null })];
        foreach (SlowEffect one in pairs)
        {
            (int from, int to) = (one.Sender!.Value, one.Receiver!.Value);
            bool bothWays = pairs.Any(other => other.Sender == to && other.Receiver == from);
            if (bothWays && from > to) continue;
            yield return Named(
                "pair", [from, to], link, bothWays ? "both" : "send", metric, one.Ratio,
                $"{(bothWays ? "to and from" : "to")} rank {to} on {places.HostOf(to)} {At(metric, speeds[from, to], typical, link)}; both are fine with others");
        }
    }

    private OutlierSection Named(string kind, int[] ranks, string link, string direction, string metric, double ratio, string evidence) => new()
    {
        Kind = kind,
        Ranks = ranks,
        Host = places.HostOf(ranks[0]),
        Gpu = kind == "host" ? null : places.GpuOf(ranks[0]),
        Nic = link == PairPlaces.Network ? places.NicOf(ranks[0]) : null,
        Direction = direction,
        Metric = metric,
        Ratio = ratio,
        Evidence = evidence,
    };

    private static string At(string metric, double speed, double typical, string link) => metric == Bandwidth
        ? string.Create(CultureInfo.InvariantCulture, $"at {speed:G3} GB/s, where {typical:G3} are typical ({link})")
        : string.Create(CultureInfo.InvariantCulture, $"with a latency of {1 / speed:F1} us, where {1 / typical:F1} are typical ({link})");
}
