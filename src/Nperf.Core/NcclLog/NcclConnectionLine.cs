namespace Nperf.Core.NcclLog;

/// <summary>
/// The lines by which NCCL tells of a connection. In brackets after a rank stands its GPU: up to 2.16 the bus id, then
/// NVML's number. After the channel stands what uses it: 0 collectives, 1 send and receive; SHM leaves that out.
/// </summary>
internal static class NcclConnectionLine
{
    /// <summary>Reads <paramref name="message"/>; null where it tells of no connection.</summary>
    public static NcclConnection? Read(ReadOnlySpan<char> message)
    {
        var scanner = new SpanScanner(message);
        bool isOverNetwork = scanner.Take("CollNet ");
        if (!isOverNetwork && !scanner.Take("Channel ")) return null;
        if (!scanner.TakeNumber(out int channel)) return null;
        int use = 0;
        if (scanner.Take("/") && !scanner.TakeNumber(out use)) return null;
        if (!scanner.Take(" : ")) return null;
        return isOverNetwork ? ToNetwork(scanner, channel) : BetweenRanks(scanner, channel, use == 1);
    }

    // 0[0] -> 1[1] via P2P/CUMEM, 0[0] -> 8[0] [send] via NET/IB/0/GDRDMA. A ring's list of ranks ends here.
    private static NcclConnection? BetweenRanks(SpanScanner scanner, int channel, bool forSendRecv)
    {
        if (!TakeRank(ref scanner, out int from) || !scanner.Take(" -> ") || !TakeRank(ref scanner, out int to)) return null;
        return Rest(ref scanner, out NcclDirection direction, out string detail)
            ? new NcclConnection(channel, from, to, detail, direction, forSendRecv)
            : null;
    }

    // 3 [send] via COLLNET/SHARP/0: what stands after the channel is the kind of CollNet here.
    private static NcclConnection? ToNetwork(SpanScanner scanner, int channel)
    {
        if (!scanner.TakeNumber(out int rank)) return null;
        if (!Rest(ref scanner, out NcclDirection direction, out string detail)) return null;
        return direction == NcclDirection.Send
            ? new NcclConnection(channel, rank, null, detail, direction, ForSendRecv: false)
            : new NcclConnection(channel, null, rank, detail, direction, ForSendRecv: false);
    }

    private static bool TakeRank(ref SpanScanner scanner, out int rank) =>
        scanner.TakeNumber(out rank) && scanner.Take("[") && scanner.TakeThrough("]");

    private static bool Rest(ref SpanScanner scanner, out NcclDirection direction, out string detail)
    {
        direction = scanner.Take(" [receive]") ? NcclDirection.Receive : NcclDirection.Send;
        if (direction == NcclDirection.Send) scanner.Take(" [send]");
        bool isConnected = scanner.Take(" via ") && scanner.Rest.Length > 0;
        detail = isConnected ? scanner.Rest.TrimEnd().ToString() : "";
        return isConnected;
    }
}
