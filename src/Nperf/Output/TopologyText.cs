using System.Globalization;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>What is said of the parts of a host, in short facts.</summary>
internal static class TopologyText
{
    /// <summary>What stands for a figure that is not known.</summary>
    public const string NotKnown = "N/A";

    /// <summary>A GPU: what it is, where, and its NVLinks.</summary>
    public static IReadOnlyList<string> FactsOf(GpuSection gpu) =>
        gpu.NvLinks is > 0 and var links
            ? [gpu.Name, gpu.PciBusId, Count(links, "NVLink")]
            : [gpu.Name, gpu.PciBusId];

    /// <summary>A network adapter: its names, where it is, and how fast.</summary>
    public static IReadOnlyList<string> FactsOf(NicSection nic)
    {
        string[] others = [.. nic.Interfaces.Where(name => name != nic.Name)];
        string name = others.Length == 0 ? nic.Name : $"{nic.Name} ({string.Join(' ', others)})";
        var facts = new List<string> { name, nic.PciBusId };
        if (nic.LinkLayer is { } layer) facts.Add(layer);
        if (nic.Rdma) facts.Add("RDMA");
        if (nic.Speed is { } speed) facts.Add($"{Number(speed)} Gbit/s");
        return facts;
    }

    /// <summary>The NVLinks of a pair: <c>GPU0 and GPU1: 2 NVLinks, 50 GB/s a direction</c>.</summary>
    public static string Of(LinkSection link)
    {
        string way = link.ViaSwitch ? " through NVSwitches" : "";
        string bandwidth = link.Bandwidth is { } figure ? $", {Number(figure)} GB/s a direction" : "";
        return $"GPU{link.From} and GPU{link.To}: {Count(link.Count, "NVLink")}{way}{bandwidth}";
    }

    /// <summary>A NUMA node: <c>NUMA node 0</c> and its processors.</summary>
    public static (string Name, string Cpus) Of(NumaNodeSection node) =>
        ($"NUMA node {node.Id}", node.Cpus.Length == 0 ? "no CPUs" : $"CPUs {node.Cpus}");

    /// <summary>So many things.</summary>
    public static string Count(int number, string thing, string ending = "s") =>
        number == 1 ? $"1 {thing}" : $"{number} {thing}{ending}";

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
