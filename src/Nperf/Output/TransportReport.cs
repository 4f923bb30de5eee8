using Nperf.Core.NcclLog;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>The text of <c>--show-transport</c>.</summary>
internal static class TransportReport
{
    private const string NotTold = "NCCL's log does not tell";

    /// <summary>What NCCL did between the ranks; ends with a line feed.</summary>
    public static string Build(NcclSection nccl)
    {
        var sections = new Sections();
        sections.Begin("What NCCL does, from its log");
        sections.Add("network", Network(nccl));
        if (nccl.Nodes is { } nodes) sections.Add("hosts", $"{NumberFormat.Whole(nodes)} as NCCL counts them");
        sections.Add("channels", Channels(nccl));
        if (nccl.InitMs is { } milliseconds)
            sections.Add("initialisation", NumberFormat.Duration(TimeSpan.FromMilliseconds(milliseconds)));
        IReadOnlyList<string> connections = NcclTransports.Summarise(nccl.Connections);
        for (int i = 0; i < connections.Count; i++) sections.Add(i == 0 ? "connections" : "", connections[i]);
        if (connections.Count == 0) sections.Add("connections", NotTold);
        foreach (string warning in nccl.Warnings) sections.Add("warning", warning);
        return sections.ToString();
    }

    private static string Network(NcclSection nccl) => nccl.Network is not { } network
        ? NotTold
        : nccl.NetworkDevices.Count == 0 ? network : $"{network}: {string.Join(' ', nccl.NetworkDevices)}";

    private static string Channels(NcclSection nccl)
    {
        var parts = new List<string>();
        if (nccl.Channels is { } collective) parts.Add($"{collective} for collectives");
        if (nccl.NvlsChannels is { } nvls) parts.Add($"{nvls} for NVLink SHARP");
        if (nccl.P2pChannels is { } sendRecv) parts.Add($"{sendRecv} for send and receive");
        return parts.Count == 0 ? NotTold : string.Join(", ", parts);
    }
}
