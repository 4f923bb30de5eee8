using System.Text.Json;
using Nperf.Arguments;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>The topology of a run's hosts as text.</summary>
internal static class TopologyReport
{
    /// <summary>The text in <paramref name="format"/>; ends with a line feed.</summary>
    public static string Build(IReadOnlyList<HostTopology> hosts, TopologyFormat format) => format switch
    {
        TopologyFormat.Tree => TopologyTree.Build(hosts),
        TopologyFormat.Dot => TopologyDot.Build(hosts),
        TopologyFormat.Json => Json(hosts) + "\n",
        _ => TopologyMatrix.Build(hosts),
    };

    // One host's document is that host; several hosts' has them, and what scripts look for at the top beside them.
    private static string Json(IReadOnlyList<HostTopology> hosts) => hosts.Count == 1
        ? JsonSerializer.Serialize(hosts[0], TopologyJson.Default.HostTopology)
        : JsonSerializer.Serialize(HostTopologies.Of(hosts), TopologyJson.Default.HostTopologies);
}
