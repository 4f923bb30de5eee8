using Nperf.Core.Host;
using Nperf.Core.Options;
using Nperf.Core.Tests.Host;

namespace Nperf.Core.Tests.Algorithms;

/// <summary>
/// Ranks as threads that are linked by memory, and take each other to be on hosts: a letter for each rank names its host.
/// </summary>
internal static class HostsInMemory
{
    public static HostLayout LayoutOf(string hosts) => HostLayout.Of(hosts.Select(host => $"{host}"))!;

    /// <summary>Runs <paramref name="body"/> for each rank; <paramref name="wrap"/> gives the link from a rank to a peer.</summary>
    public static void Run(string hosts, Action<RankLinks> body, Func<int, int, Link, Link>? wrap = null)
    {
        int ranks = hosts.Length;
        using TestHub hub = TestWorld.Hub([ranks], new RunOptions());
        int[] everyone = [.. Enumerable.Range(0, ranks)];
        var rings = new PrivateRings(everyone, Ring.CapacityFor(ranks));
        Link[][] links =
        [
            .. everyone.Select(rank => everyone
                .Select(peer => wrap?.Invoke(rank, peer, rings.Open(rank, peer)) ?? rings.Open(rank, peer)).ToArray()),
        ];
        HostLayout layout = LayoutOf(hosts);
        TestWorld.InParallel(hub, ranks, rank =>
        {
            using var rankLinks = new RankLinks(
                rank, links[rank], new Waiter(rank, everyone, hub.World, hub.AbortSignals[0], hub.Options.Timeout));
            rankLinks.Divide(layout);
            body(rankLinks);
            rankLinks.LineUp();
        });
    }
}
