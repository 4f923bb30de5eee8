namespace Nperf.Core.Host;

/// <summary>
/// The ranks of a group by host, where some share memory and TCP connects the others: the same on every rank. Ranks are
/// the group's. Hosts are in the order of their lowest ranks, and a rank's place is how many ranks of its host are lower.
/// </summary>
internal sealed class HostLayout
{
    private readonly int[][] _hosts;
    private readonly int[][] _columns;
    private readonly int[] _hostOf;
    private readonly int[] _placeOf;
    private readonly int[] _firsts;

    private HostLayout(int[][] hosts)
    {
        _hosts = hosts;
        InOrder = [.. hosts.SelectMany(host => host)];
        IsEven = hosts.All(host => host.Length == hosts[0].Length);
        IsOrdered = InOrder.Index().All(one => one.Index == one.Item);
        _columns = [.. Enumerable.Range(0, hosts.Max(host => host.Length)).Select(place => ColumnAt(hosts, place))];
        _hostOf = new int[InOrder.Length];
        _placeOf = new int[InOrder.Length];
        _firsts = new int[hosts.Length];
        for (int host = 0; host < hosts.Length; host++)
        {
            if (host > 0) _firsts[host] = _firsts[host - 1] + hosts[host - 1].Length;
            for (int place = 0; place < hosts[host].Length; place++)
                (_hostOf[hosts[host][place]], _placeOf[hosts[host][place]]) = (host, place);
        }
    }

    /// <summary>How many hosts there are; two at least.</summary>
    public int Hosts => _hosts.Length;

    /// <summary>How many ranks the host with the most of them has; two at least.</summary>
    public int Places => _columns.Length;

    /// <summary>True where every host has the same number of ranks.</summary>
    public bool IsEven { get; }

    /// <summary>True where the ranks of each host follow one another.</summary>
    public bool IsOrdered { get; }

    /// <summary>All ranks, host by host.</summary>
    public int[] InOrder { get; }

    /// <summary>
    /// The layout of ranks that are on the hosts with these names, a name for each rank; null where there is nothing to
    /// gain by it: one host, or one rank on each.
    /// </summary>
    public static HostLayout? Of(IEnumerable<string> hostOfEach)
    {
        int[][] hosts =
        [
            .. hostOfEach.Index().GroupBy(one => one.Item, one => one.Index).Select(host => host.ToArray()),
        ];
        return hosts.Length == 1 || hosts.All(host => host.Length == 1) ? null : new HostLayout(hosts);
    }

    /// <summary>The ranks of a host, ascending.</summary>
    public int[] RanksOf(int host) => _hosts[host];

    /// <summary>A rank of every host, host by host: the one at <paramref name="place"/>, or the last where it has none there.</summary>
    public int[] Column(int place) => _columns[place];

    /// <summary>The host that <paramref name="rank"/> is on.</summary>
    public int HostOf(int rank) => _hostOf[rank];

    /// <summary>The place of <paramref name="rank"/> on its host.</summary>
    public int PlaceOf(int rank) => _placeOf[rank];

    /// <summary>Where <paramref name="rank"/> stands in <see cref="InOrder"/>.</summary>
    public int OrderOf(int rank) => _firsts[_hostOf[rank]] + _placeOf[rank];

    private static int[] ColumnAt(int[][] hosts, int place) => [.. hosts.Select(host => host[Math.Min(place, host.Length - 1)])];
}
