using Nperf.Core.Results;

namespace Nperf.Core.NcclLog;

/// <summary>NCCL's connections, counted and grouped.</summary>
internal static class NcclTransports
{
    /// <summary>
    /// The connections from rank to rank, ordered: those of one transport and use together. A network connection, of which
    /// both ends tell, counts once.
    /// </summary>
    public static IReadOnlyList<ConnectionSection> Connections(IEnumerable<NcclConnection> connections) => Ordered(
        connections
            .Select(one => (Connection: one, Transport: NcclTransportName.Of(one.Detail)))
            .GroupBy(one => (one.Connection.From, one.Connection.To, one.Transport.Name, one.Connection.ForSendRecv))
            .Select(group => new ConnectionSection
            {
                From = group.Key.From,
                To = group.Key.To,
                Transport = group.Key.Name,
                SendRecv = group.Key.ForSendRecv,
                Channels = group.Select(one => one.Connection.Channel).Distinct().Count(),
                Devices = Numbers(group.Select(one => one.Transport.Device).OfType<int>()),
            }));

    /// <summary>The connections of several processes as one list: what two of them tell of is there once.</summary>
    public static IReadOnlyList<ConnectionSection> Merge(IEnumerable<ConnectionSection> connections) => Ordered(
        connections
            .GroupBy(one => (one.From, one.To, one.Transport, one.SendRecv))
            .Select(group => group.First() with
            {
                Channels = group.Max(one => one.Channels),
                Devices = Numbers(group.SelectMany(one => one.Devices)),
            }));

    /// <summary>
    /// For people: a line for the pairs of ranks that are connected alike, for example
    /// <c>ranks 0-1: P2P/CUMEM, 24 channels</c>. Of two directions the one with more channels counts.
    /// </summary>
    public static IReadOnlyList<string> Summarise(IEnumerable<ConnectionSection> connections) =>
    [
        .. Merge(connections)
            .GroupBy(one => RankPair.Of(one.From, one.To))
            .OrderBy(pair => pair.Key)
            .GroupBy(pair => string.Join("; ", pair.GroupBy(one => (one.SendRecv, one.Transport)).Select(Describe)))
            .Select(alike => $"{RankPair.Text([.. alike.Select(pair => pair.Key)])}: {alike.Key}"),
    ];

    private static string Describe(IGrouping<(bool SendRecv, string Transport), ConnectionSection> directions)
    {
        int channels = directions.Max(one => one.Channels);
        string use = directions.Key.SendRecv ? " for send and receive" : "";
        return $"{directions.Key.Transport}, {channels} channel{(channels == 1 ? "" : "s")}{use}";
    }

    private static int[] Numbers(IEnumerable<int> numbers) => [.. numbers.Distinct().Order()];

    private static ConnectionSection[] Ordered(IEnumerable<ConnectionSection> connections) =>
    [
        .. connections.OrderBy(one => one.From ?? int.MaxValue).ThenBy(one => one.To ?? int.MaxValue)
            .ThenBy(one => one.SendRecv).ThenBy(one => one.Transport, StringComparer.Ordinal),
    ];
}
