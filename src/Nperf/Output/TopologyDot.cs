using System.Text;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>A topology for Graphviz: <c>nperf --topology --topo-format dot | dot -Tsvg</c>.</summary>
internal static class TopologyDot
{
    private const string SwitchName = "NVSwitch";

    /// <summary>The graph of <paramref name="hosts"/>; ends with a line feed.</summary>
    public static string Build(IReadOnlyList<HostTopology> hosts)
    {
        var text = new StringBuilder("graph topology {\n  node [shape=box];\n");
        for (int i = 0; i < hosts.Count; i++)
        {
            foreach (string note in hosts[i].Notes) text.Append("  // ").Append(ErrorLine.OneLine(note)).Append('\n');
            AppendNode(text, i, TopologyNode.Of(hosts[i]), Id(i, "host"));
            AppendNvLinks(text, i, hosts[i]);
        }

        return text.Append("}\n").ToString();
    }

    private static void AppendNode(StringBuilder text, int host, TopologyNode node, string id)
    {
        text.Append($"  {id} [label={Quote([node.Name, .. node.Facts])}];\n");
        foreach (TopologyNode child in node.Children)
        {
            string childId = Id(host, child.Name);
            AppendNode(text, host, child, childId);
            text.Append($"  {id} -- {childId};\n");
        }
    }

    private static void AppendNvLinks(StringBuilder text, int host, HostTopology topology)
    {
        if (topology.NvSwitches > 0)
        {
            string label = Quote([TopologyText.Count(topology.NvSwitches, SwitchName, "es")]);
            text.Append($"  {Id(host, SwitchName)} [label={label}];\n");
            foreach (GpuSection gpu in topology.Gpus)
                if (gpu.NvLinks is > 0 and var links) AppendNvLink(text, host, $"GPU{gpu.Id}", SwitchName, links, "");
        }

        // PCIe orders the picture: links between devices of one row lie across it.
        foreach (LinkSection link in topology.Links.Where(link => !link.ViaSwitch))
            AppendNvLink(text, host, $"GPU{link.From}", $"GPU{link.To}", link.Count, ", constraint=false");
    }

    private static void AppendNvLink(StringBuilder text, int host, string from, string to, int count, string more) =>
        text.Append($"  {Id(host, from)} -- {Id(host, to)} [label=\"NV{count}\", style=bold{more}];\n");

    private static string Id(int host, string name) => Quote([$"{host} {name}"]);

    private static string Quote(IEnumerable<string> lines) =>
        '"' + string.Join("\\n", lines.Select(line => ErrorLine.OneLine(line)
            .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal))) + '"';
}
