using Nperf.Core.Rendezvous;

namespace Nperf.Core.Stragglers;

/// <summary>Which ranks are to be compared with each other.</summary>
internal static class Peers
{
    /// <summary>
    /// Each rank's place on its host, by rank: who has the same reaches the others in the same way. On one host all are
    /// alike. Null where hosts have different numbers of ranks, so that nobody's work is another's.
    /// </summary>
    public static IReadOnlyList<int>? Of(World world)
    {
        int[][] hosts = world.RanksByHost();
        int[] places = new int[world.Size];
        if (hosts.Length == 1) return places;
        if (hosts.Any(host => host.Length != hosts[0].Length)) return null;
        foreach (int[] host in hosts)
            for (int i = 0; i < host.Length; i++) places[host[i]] = i;
        return places;
    }
}
