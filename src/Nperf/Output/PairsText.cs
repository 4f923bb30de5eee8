using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>What the pairs do, as a matrix where it fits into the width, else as the slowest of them; then what is slow.</summary>
internal static class PairsText
{
    private const int MostRanksInMatrix = 16, MostSlowestPairs = 10, LongestHost = 12;

    public static IEnumerable<string> Lines(PairsSection pairs, ResultsDocument document, int width)
    {
        yield return "";
        string size = NumberFormat.Memory(pairs.Bytes);
        if (pairs.RoundsDone < pairs.Rounds) yield return $"{pairs.RoundsDone} of {pairs.Rounds} rounds of pairs were measured";
        if (pairs.RoundsDone == 0 && pairs.Links.Count == 0) yield break;
        bool inMegabytes = pairs.Links.Count > 0 && pairs.Links.Max(link => link.Bandwidth) < 1;
        double unit = inMegabytes ? 1e3 : 1;
        string unitName = inMegabytes ? "MB/s" : "GB/s";
        int ranks = document.Config.NumGpus;
        string[] bandwidths = Matrix(pairs, document, ranks, link => NumberFormat.Bandwidth(link.Bandwidth * unit));
        string[] latencies = Matrix(pairs, document, ranks, link => NumberFormat.Time(link.LatencyUs));
        if (ranks <= MostRanksInMatrix && bandwidths.Concat(latencies).All(line => line.Length <= width))
        {
            yield return $"bandwidth, {unitName} ({size} from the rank of the row to that of the column)";
            foreach (string line in bandwidths) yield return line;
            yield return "";
            yield return $"latency, us (half of {pairs.LatencyBytes} B there and back)";
            foreach (string line in latencies) yield return line;
        }
        else if (pairs.Links.Count > 0)
        {
            yield return $"the slowest of {pairs.Links.Count} directions of pairs ({size}), beside what is typical of their class";
            foreach (PairLink link in pairs.Links.OrderBy(link => link.Bandwidth / Typical(pairs, link)).Take(MostSlowestPairs))
            {
                yield return $"  {Name(document, link.From),-24} to {Name(document, link.To),-24} "
                    + $"{NumberFormat.Bandwidth(link.Bandwidth * unit),8} {unitName} ({NumberFormat.Percent(link.Bandwidth / Typical(pairs, link))}), "
                    + $"{NumberFormat.Time(link.LatencyUs)} us";
            }
        }

        yield return "";
        foreach (PairClass one in pairs.Classes)
        {
            yield return $"  {one.Class,-8} {one.Links,6} directions: typically {NumberFormat.Bandwidth(one.Bandwidth * unit)} {unitName}, "
                + $"{NumberFormat.Time(one.LatencyUs)} us";
        }

        // A search has the last word on whom the pairs make suspicious.
        string word = document.FindSlow is null ? "slow" : "suspicious";
        foreach (OutlierSection outlier in pairs.Outliers) yield return $"{word}: {Line(outlier)}";
        if (pairs.Outliers.Count == 0 && pairs.RoundsDone == pairs.Rounds) yield return "  none is slower than those like it by more than they differ";
    }

    /// <summary>What is slow, where, and why that is said.</summary>
    public static string Line(OutlierSection one)
    {
        string name = one.Kind == "host" ? $"host {one.Host}" : $"rank {one.Ranks[0]} on {one.Host}";
        string parts = string.Join(", ", new[] { one.Gpu, one.Nic }.OfType<string>());
        return $"{name}{(parts.Length > 0 ? $" ({parts})" : "")}, {NumberFormat.Percent(one.Ratio)} of the others: {one.Evidence}";
    }

    private static double Typical(PairsSection pairs, PairLink link) => pairs.Classes.Single(one => one.Class == link.Class).Bandwidth;

    private static string Name(ResultsDocument document, int rank) => $"{rank} {document.HostOf(rank)}";

    private static string[] Matrix(PairsSection pairs, ResultsDocument document, int ranks, Func<PairLink, string> text)
    {
        if (ranks > MostRanksInMatrix) return [];
        string[,] cells = new string[ranks, ranks];
        foreach (PairLink link in pairs.Links) cells[link.From, link.To] = text(link);
        int cell = Math.Max(4, cells.Cast<string?>().Max(one => one?.Length ?? 1)) + 1;
        int host = Math.Min(LongestHost, Enumerable.Range(0, ranks).Max(rank => document.HostOf(rank).Length));
        int label = host + 4;
        string names = new string(' ', label + 1) + string.Concat(Enumerable.Range(0, ranks).Select(rank => $"{rank}".PadLeft(cell)));
        return
        [
            names,
            .. Enumerable.Range(0, ranks).Select(from => $" {$"{from,3} {Short(document.HostOf(from), host)}".PadRight(label)}"
                + string.Concat(Enumerable.Range(0, ranks).Select(to => (cells[from, to] ?? NumberFormat.Nothing).PadLeft(cell)))),
        ];
    }

    private static string Short(string host, int length) => host.Length <= length ? host : host[..length];
}
