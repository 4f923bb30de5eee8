namespace Nperf.Core.Host;

/// <summary>
/// The links of one rank of a group on several hosts, as hierarchical algorithms use them: to the ranks of its host, to a
/// rank of each host, and to all ranks host by host. Each numbers its ranks from 0, in the order that
/// <see cref="HostLayout"/> gives. They are the group's links, so only one of these may be in use at a time.
/// </summary>
internal sealed class Hierarchy : IDisposable
{
    private readonly RankLinks?[] _across;

    /// <summary>Divides <paramref name="links"/>, which stay whole, by <paramref name="layout"/>.</summary>
    public Hierarchy(RankLinks links, HostLayout layout)
    {
        Layout = layout;
        Within = links.Among(layout.RanksOf(layout.HostOf(links.Rank)));
        InOrder = links.Among(layout.InOrder);
        _across =
        [
            .. Enumerable.Range(0, layout.Places).Select(layout.Column)
                .Select(column => column.Contains(links.Rank) ? links.Among(column) : null),
        ];
    }

    /// <summary>Which ranks are on which host.</summary>
    public HostLayout Layout { get; }

    /// <summary>The ranks of this rank's host; it may be alone.</summary>
    public RankLinks Within { get; }

    /// <summary>All ranks, host by host.</summary>
    public RankLinks InOrder { get; }

    /// <summary>The rank of each host at <paramref name="place"/> or the last; this rank has to be one of them.</summary>
    public RankLinks Across(int place) => _across[place]!;

    /// <inheritdoc/>
    public void Dispose()
    {
        Within.Dispose();
        InOrder.Dispose();
        foreach (RankLinks? links in _across) links?.Dispose();
    }
}
