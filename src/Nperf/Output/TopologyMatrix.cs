using System.Text;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>A topology as <c>nvidia-smi topo -m</c> shows it: a row and a column a device.</summary>
internal static class TopologyMatrix
{
    private static readonly (string Letters, string Meaning)[] Legend =
    [
        ("X", "the device itself"),
        ("NV#", "# NVLinks"),
        ("PIX", "at most one PCIe switch"),
        ("PXB", "several PCIe switches, no host bridge"),
        ("PHB", "PCIe and a host bridge, which is mostly the processor"),
        ("NODE", "PCIe and what connects the host bridges of a NUMA node"),
        ("SYS", "PCIe and what connects the NUMA nodes"),
        ("?", "not known: the kernel does not show one of the devices"),
    ];

    /// <summary>The text for <paramref name="hosts"/>; ends with a line feed.</summary>
    public static string Build(IReadOnlyList<HostTopology> hosts)
    {
        var text = new StringBuilder();
        foreach (HostTopology host in hosts)
        {
            if (hosts.Count > 1) Line(text, $"{host.Host}:");
            AppendTable(text, host);
            AppendDevices(text, host);
            text.Append('\n');
        }

        AppendLegend(text, hosts);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void AppendTable(StringBuilder text, HostTopology host)
    {
        if (host.Devices.Count == 0) return;
        string?[] cpus = [.. host.Gpus.Select(gpu => gpu.CpuAffinity), .. host.Nics.Select(nic => nic.CpuAffinity)];
        int?[] nodes = [.. host.Gpus.Select(gpu => gpu.NumaNode), .. host.Nics.Select(nic => nic.NumaNode)];
        List<string[]> rows = [["", .. host.Devices, "CPU Affinity", "NUMA Affinity"]];
        for (int row = 0; row < host.Devices.Count; row++)
        {
            rows.Add(
            [
                host.Devices[row], .. host.Matrix[row],
                cpus[row] ?? TopologyText.NotKnown, nodes[row]?.ToString() ?? TopologyText.NotKnown,
            ]);
        }

        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
            Line(text, string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))));
        text.Append('\n');
    }

    private static void AppendDevices(StringBuilder text, HostTopology host)
    {
        foreach (GpuSection gpu in host.Gpus)
            Line(text, $"GPU{gpu.Id}: {string.Join(", ", TopologyText.FactsOf(gpu))}");
        for (int i = 0; i < host.Nics.Count; i++)
            Line(text, $"NIC{i}: {string.Join(", ", TopologyText.FactsOf(host.Nics[i]))}");
        if (host.NvSwitches > 0) Line(text, TopologyText.Count(host.NvSwitches, "NVSwitch", "es"));
        foreach (NumaNodeSection node in host.NumaNodes)
        {
            (string name, string processors) = TopologyText.Of(node);
            Line(text, $"{name}: {processors}");
        }

        if (host.NumaNodes.Count == 0 && host.Cpus is { } online) Line(text, $"CPUs {online}");
        foreach (string note in host.Notes) Line(text, $"note: {note}");
    }

    private static void AppendLegend(StringBuilder text, IReadOnlyList<HostTopology> hosts)
    {
        HashSet<string> found = [.. hosts.SelectMany(host => host.Matrix).SelectMany(row => row).Select(LettersOf)];
        if (found.Count == 0) return;
        text.Append("Legend:\n");
        foreach ((string letters, string meaning) in Legend)
            if (found.Contains(letters)) Line(text, $"  {letters,-4}  {meaning}");
    }

    private static string LettersOf(string cell) => cell.StartsWith("NV", StringComparison.Ordinal) ? "NV#" : cell;

    // Texts come from other machines: their line feeds and escape sequences are not printed.
    private static void Line(StringBuilder text, string line) =>
        text.Append(ErrorLine.OneLine(line.TrimEnd())).Append('\n');
}
