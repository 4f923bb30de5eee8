using Nperf.Core.Results;
using static Nperf.Reports.ReportPage;

namespace Nperf.Reports;

/// <summary>A host as SVG: its GPUs with their ranks and NVLinks, or its processes with their ranks.</summary>
internal static class HostDrawing
{
    private const int PerRow = 4, Width = 440, NodeWidth = 92, NodeHeight = 46, Gap = 14, LinkedRow = 112, Row = 60, Top = 34;

    /// <summary>Nodes that are drawn.</summary>
    private const int MostNodes = 32;

    private sealed record Node(string Name, string Ranks, int Id);

    public static Markup Draw(ReportRun run, string host)
    {
        Node[] nodes = [.. Nodes(run, host)], drawn = [.. nodes.Take(MostNodes)];
        LinkSection[] links = [.. run.Document.Topology.Links.Where(link => link.Host == host)];
        int rows = (drawn.Length + PerRow - 1) / PerRow, row = links.Length > 0 ? LinkedRow : Row;
        bool hasSwitch = links.Any(link => link.ViaSwitch);
        string note = links.Length > 0 ? LinksOf(links) : WithinOf(run, host);
        int height = Top + (rows * row) + (note.Length > 0 ? 26 : 6);
        string label = $"{host}: {string.Join(", ", nodes.Select(node => $"{node.Name}{(node.Ranks.Length > 0 ? $" ({node.Ranks})" : "")}"))}{(note.Length == 0 ? "" : $"; {note}")}";
        return Markup.Of($"""
            <svg class="host" viewBox="0 0 {Width} {height}" role="img" aria-label="{label}">
            <rect class="box" x="1" y="1" width="{Width - 2}" height="{height - 2}" rx="8"/><text class="title" x="16" y="23">{Short(host, 44)}</text>
            {(hasSwitch ? Switch(drawn, links, rows) : Markup.Join(links.Select(link => Link(link, drawn))))}
            {Markup.Join(drawn.Select((node, index) => Box(node, index, row)))}
            <text class="note" x="16" y="{height - 12}">{Short(note, 66)}</text>
            {(nodes.Length > drawn.Length ? Markup.Of($"""<text class="note" x="{Width - 16}" y="23" text-anchor="end">and {nodes.Length - drawn.Length} more</text>""") : Markup.None)}
            </svg>
            """);
    }

    private static IEnumerable<Node> Nodes(ReportRun run, string host)
    {
        GpuSection[] gpus = [.. run.Document.Topology.Gpus.Where(gpu => gpu.Host == host)];
        ProcessSection[] processes = [.. run.Document.Processes.Where(process => process.Host == host)];
        if (gpus.Length == 0)
        {
            // A process with many ranks is a node a rank, so that what is drawn is what communicates.
            foreach (ProcessSection process in processes)
            {
                foreach (int rank in process.Ranks) yield return new Node($"rank {rank}", processes.Length > 1 ? $"pid {process.ProcessId}" : "", rank);
            }

            yield break;
        }

        ILookup<string, int> ranks = processes.SelectMany(process => (process.Gpus ?? []).Zip(process.Ranks)).ToLookup(one => one.First, one => one.Second);
        foreach (GpuSection gpu in gpus)
        {
            int[] with = [.. ranks[gpu.Uuid]];
            yield return new Node($"GPU {gpu.Id}", with.Length == 0 ? "no rank" : $"rank {string.Join(", ", with)}", gpu.Id);
        }
    }

    /// <summary>What connects ranks of a host that have no GPUs, as far as the document says.</summary>
    private static string WithinOf(ReportRun run, string host)
    {
        ProcessSection[] processes = [.. run.Document.Processes.Where(process => process.Host == host)];
        string where = processes.Length == 1 ? $"process {processes[0].ProcessId}" : Count(processes.Length, "process", "processes");
        bool isAlone = run.Document.Processes.Count == processes.Length;
        return isAlone && run.Document.Transports is { } transports ? $"{where}, over {transports}" : where;
    }

    private static string LinksOf(LinkSection[] links)
    {
        LinkSection first = links[0];
        string each = $"{first.Count} {first.Type}s{(first.Bandwidth is { } bandwidth ? $", {bandwidth:0.#} GB/s each way" : "")}";
        bool areAlike = links.All(link => link.Count == first.Count && link.Bandwidth == first.Bandwidth);
        return !areAlike ? $"{Count(links.Length, "pair")} linked by NVLink"
            : first.ViaSwitch ? $"{each}, of each GPU through NVSwitches" : $"{each}, between linked GPUs";
    }

    private static (double X, double Y) Centre(int index, int row = LinkedRow) =>
        (16 + ((NodeWidth + Gap) * (index % PerRow)) + (NodeWidth / 2), Top + 8 + (row * (index / PerRow)) + (NodeHeight / 2));

    private static Markup Box(Node node, int index, int row)
    {
        (double x, double y) = Centre(index, row);
        return Markup.Of($"""
            <g><rect class="node" x="{x - (NodeWidth / 2)}" y="{y - (NodeHeight / 2)}" width="{NodeWidth}" height="{NodeHeight}" rx="6"/><text class="middle" x="{x}" y="{y + (node.Ranks.Length > 0 ? -3 : 5)}">{node.Name}</text><text class="middle note" x="{x}" y="{y + 14}">{Short(node.Ranks, 14)}</text></g>
            """);
    }

    // One bar a row, joined at the left: what the GPUs share.
    private static Markup Switch(Node[] nodes, LinkSection[] links, int rows)
    {
        double BarY(int row) => Top + 8 + (LinkedRow * row) + NodeHeight + 22;
        HashSet<int> linked = [.. links.SelectMany(link => new[] { link.From, link.To })];
        return Markup.Of($"""
            <g class="links">{Markup.Join(nodes.Select((node, index) => new { node, index }).Where(one => linked.Contains(one.node.Id)).Select(one => Markup.Of(
                $"""<line x1="{Centre(one.index).X}" x2="{Centre(one.index).X}" y1="{Centre(one.index).Y}" y2="{BarY(one.index / PerRow)}"/>""")))}
            {(rows > 1 ? Markup.Of($"""<line x1="8" x2="8" y1="{BarY(0) + 7}" y2="{BarY(rows - 1) + 7}"/>""") : Markup.None)}</g>
            {Markup.Join(Enumerable.Range(0, rows).Select(row => Markup.Of(
                $"""<rect class="switch" x="8" y="{BarY(row)}" width="{Width - 16}" height="16" rx="4"/><text class="middle switched" x="{Width / 2}" y="{BarY(row) + 12}">NVSwitch</text>""")))}
            """);
    }

    private static Markup Link(LinkSection link, Node[] nodes)
    {
        int from = Array.FindIndex(nodes, node => node.Id == link.From), to = Array.FindIndex(nodes, node => node.Id == link.To);
        if (from < 0 || to < 0) return Markup.None;
        (double x1, double y1) = Centre(from);
        (double x2, double y2) = Centre(to);
        // Below the boxes, deeper the further apart, so that links of a row do not hide each other.
        double depth = y1 == y2 ? NodeHeight + (10 * Math.Abs(from - to)) : 0;
        return Markup.Of($"""<path class="link" d="M{x1},{y1} Q{(x1 + x2) / 2},{((y1 + y2) / 2) + depth} {x2},{y2}"><title>GPU {link.From} to GPU {link.To}: {link.Count} links</title></path>""");
    }

    private static string Short(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";
}
