using Nperf.Core.Results;

namespace Nperf.Core.NcclLog;

/// <summary>Makes the document's section of what the processes' logs tell.</summary>
internal static class NcclSections
{
    /// <summary>The section of one process's log.</summary>
    public static NcclSection Of(NcclActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        return new NcclSection
        {
            Network = activity.Network,
            NetworkDevices = activity.NetworkDevices,
            Nodes = activity.Nodes,
            Channels = activity.CollectiveChannels,
            NvlsChannels = activity.NvlsChannels,
            P2pChannels = activity.SendRecvChannels,
            InitMs = activity.InitMilliseconds,
            Connections = NcclTransports.Connections(activity.Connections),
            Warnings = activity.Warnings,
        };
    }

    /// <summary>
    /// The section of all processes: of what is the same for all, the first that tells (put the document's own process
    /// first), the longest initialisation, all connections and all warnings.
    /// </summary>
    public static NcclSection Merge(IReadOnlyList<NcclSection> processes) => new()
    {
        Network = processes.FirstOrDefault(one => one.Network is not null)?.Network,
        NetworkDevices = processes.FirstOrDefault(one => one.Network is not null)?.NetworkDevices ?? [],
        Nodes = processes.Select(one => one.Nodes).FirstOrDefault(nodes => nodes is not null),
        Channels = processes.Select(one => one.Channels).FirstOrDefault(channels => channels is not null),
        NvlsChannels = processes.Select(one => one.NvlsChannels).FirstOrDefault(channels => channels is not null),
        P2pChannels = processes.Select(one => one.P2pChannels).FirstOrDefault(channels => channels is not null),
        InitMs = processes.Max(one => one.InitMs),
        Connections = NcclTransports.Merge(processes.SelectMany(one => one.Connections)),
        Warnings = [.. processes.SelectMany(one => one.Warnings).Distinct()],
    };
}
