using Nperf.Core.Results;

namespace Nperf.Core.Pairs;

/// <summary>What a search for the slow ones says to people: who it is, and what to try next.</summary>
internal static class SlowVerdict
{
    private const int MostNamed = 4;

    /// <summary>One sentence.</summary>
    public static string Summary(
        bool isDone, IReadOnlyList<OutlierSection> slow, IReadOnlyList<int> together, bool isUnclear, int ranks, PairPlaces places)
    {
        if (!isDone) return "the search did not come to its end";
        if (slow.Count > 0)
        {
            string more = slow.Count > MostNamed ? $", and {slow.Count - MostNamed} more" : "";
            return $"slow: {string.Join("; ", slow.Take(MostNamed).Select(one => Name(one, places)))}{more}";
        }

        if (together.Count > 0)
            return $"no rank alone is slow, but {together.Count} together are: they share processors, a link or a switch";
        return isUnclear
            ? $"too many of the {ranks} ranks differ to say who is slow: fewer than two are like the others"
            : $"nobody is slow among {ranks} ranks";
    }

    /// <summary>Who it is, for people.</summary>
    public static string Name(OutlierSection one, PairPlaces places) => one.Kind switch
    {
        "host" => $"all {one.Ranks.Count} ranks of {one.Host}",
        "pair" => $"{places.Name(one.Ranks[0])} with {places.Name(one.Ranks[1])}",
        _ => places.Name(one.Ranks[0]),
    };

    /// <summary>One sentence each.</summary>
    public static IReadOnlyList<string> NextSteps(IReadOnlyList<OutlierSection> slow, bool isUnclear, PairPlaces places)
    {
        var steps = new List<string>();
        foreach (OutlierSection one in slow.Take(MostNamed))
        {
            string name = Name(one, places), on = one.Kind == "pair" ? $"{one.Host} and {places.HostOf(one.Ranks[1])}" : one.Host;
            bool crosses = Enumerable.Range(0, places.Hosts.Sum(host => host.Count)).Any(rank => places.ClassOf(one.Ranks[0], rank) == PairPlaces.Network);
            steps.Add($"{name}: leave it out and run again, which should name nobody");
            if (crosses)
            {
                string adapter = one.Nic is null ? "its network adapter" : one.Nic;
                steps.Add($"on {on}: rate, errors and drops of {adapter} (ethtool, ip -s link, ibstat), then cable and port");
            }

            if (one.Gpu is not null)
                steps.Add($"on {on}: {one.Gpu}: clocks, throttling and link errors (nvidia-smi -q, nvidia-smi nvlink -s)");
            else if (!crosses || one.Kind == "host")
                steps.Add($"on {on}: what else runs there, and the processors' clocks");
        }

        if (isUnclear && slow.Count == 0)
            steps.Add("run it with fewer ranks a host, or between two hosts at a time, and see from which number on it is slow");
        return steps;
    }
}
