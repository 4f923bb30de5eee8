using System.Text;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>A topology from the host down to the devices, a line a part.</summary>
internal static class TopologyTree
{
    /// <summary>The text for <paramref name="hosts"/>; ends with a line feed.</summary>
    public static string Build(IReadOnlyList<HostTopology> hosts)
    {
        var text = new StringBuilder();
        foreach (HostTopology host in hosts)
        {
            if (text.Length > 0) text.Append('\n');
            TopologyNode root = TopologyNode.Of(host);
            Line(text, Words(root));
            AppendBelow(text, root, "");
            if (host.NvSwitches > 0) Line(text, TopologyText.Count(host.NvSwitches, "NVSwitch", "es"));
            foreach (LinkSection link in host.Links) Line(text, TopologyText.Of(link));
            foreach (string note in host.Notes) Line(text, $"note: {note}");
        }

        return text.ToString();
    }

    private static void AppendBelow(StringBuilder text, TopologyNode node, string margin)
    {
        for (int i = 0; i < node.Children.Count; i++)
        {
            bool last = i == node.Children.Count - 1;
            Line(text, $"{margin}{(last ? "└── " : "├── ")}{Words(node.Children[i])}");
            AppendBelow(text, node.Children[i], margin + (last ? "    " : "│   "));
        }
    }

    private static string Words(TopologyNode node) =>
        node.Facts.Count == 0 ? node.Name : $"{node.Name}: {string.Join(", ", node.Facts)}";

    private static void Line(StringBuilder text, string line) => text.Append(ErrorLine.OneLine(line)).Append('\n');
}
