using Nperf.Core.Rendezvous;

namespace Nperf.Core.Host;

/// <summary>The links of a process's ranks to every rank, while they are being made.</summary>
internal sealed class LinkTable : IDisposable
{
    private readonly int _firstRank;
    private readonly Link?[][] _links;

    /// <summary>None yet.</summary>
    public LinkTable(World world, ProcessInfo self)
    {
        _firstRank = self.FirstRank;
        _links = [.. Enumerable.Range(0, self.RankCount).Select(_ => new Link?[world.Size])];
    }

    /// <summary>Adds the end of <paramref name="rank"/> of its link with <paramref name="peer"/>.</summary>
    public void Add(int rank, int peer, Link link) => _links[rank - _firstRank][peer] = link;

    /// <summary>Hands over the links of <paramref name="rank"/> to <paramref name="peers"/>, once all are made.</summary>
    public Link[] Take(int rank, IReadOnlyList<int> peers)
    {
        Link[] links = [.. peers.Select(peer => _links[rank - _firstRank][peer]!)];
        Array.Clear(_links[rank - _firstRank]);
        return links;
    }

    /// <summary>Gives up the links that were not handed over.</summary>
    public void Dispose()
    {
        foreach (Link? link in _links.SelectMany(links => links)) link?.Dispose();
    }
}
