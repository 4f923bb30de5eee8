using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>
/// A part of a host, with the parts below it: host, NUMA nodes, host bridges, PCIe bridges, devices. A bridge with one
/// device below it says nothing and is left out.
/// </summary>
/// <param name="Name">What it is called; no other part of the host has the name.</param>
/// <param name="Facts">What is said of it.</param>
internal sealed record TopologyNode(string Name, IReadOnlyList<string> Facts)
{
    private readonly List<TopologyNode> _children = [];

    /// <summary>The parts below it.</summary>
    public IReadOnlyList<TopologyNode> Children => _children;

    /// <summary>All of <paramref name="host"/>.</summary>
    public static TopologyNode Of(HostTopology host)
    {
        var devices = new List<(string? Path, int? Node, TopologyNode Part)>();
        foreach (GpuSection gpu in host.Gpus)
            devices.Add((gpu.PciPath, gpu.NumaNode, new TopologyNode($"GPU{gpu.Id}", TopologyText.FactsOf(gpu))));
        for (int i = 0; i < host.Nics.Count; i++)
        {
            NicSection nic = host.Nics[i];
            devices.Add((nic.PciPath, nic.NumaNode, new TopologyNode($"NIC{i}", TopologyText.FactsOf(nic))));
        }

        bool hasNodes = host.NumaNodes.Count > 0;
        var root = new TopologyNode(host.Host, !hasNodes && host.Cpus is { } cpus ? [$"CPUs {cpus}"] : []);
        foreach (NumaNodeSection node in host.NumaNodes)
        {
            (string name, string processors) = TopologyText.Of(node);
            var part = new TopologyNode(name, [processors]);
            // With one node alone it does not matter what the firmware says.
            part.Place(devices.Where(device => device.Node == node.Id || host.NumaNodes.Count == 1));
            root._children.Add(part);
        }

        var rest = devices.Where(device =>
            host.NumaNodes.Count != 1 && host.NumaNodes.All(node => node.Id != device.Node)).ToArray();
        if (!hasNodes) root.Place(rest);
        else if (rest.Length > 0)
        {
            var part = new TopologyNode("no NUMA node known", []);
            part.Place(rest);
            root._children.Add(part);
        }

        return root;
    }

    private void Place(IEnumerable<(string? Path, int? Node, TopologyNode Part)> devices)
    {
        foreach ((string? path, _, TopologyNode part) in devices)
        {
            TopologyNode place = this;
            // The last step of the path is the device's own address.
            foreach (string step in path?.Split('/')[..^1] ?? []) place = place.Bridge(step);
            place._children.Add(part);
        }

        foreach (TopologyNode below in _children) below.Shorten();
    }

    private TopologyNode Bridge(string step)
    {
        string name = step.StartsWith("pci", StringComparison.Ordinal) ? $"host bridge {step}" : $"PCIe bridge {step}";
        TopologyNode? found = _children.Find(child => child.Name == name);
        if (found is null) _children.Add(found = new TopologyNode(name, []));
        return found;
    }

    private void Shorten()
    {
        for (int i = 0; i < _children.Count; i++)
        {
            while (_children[i]._children.Count == 1) _children[i] = _children[i]._children[0];
            _children[i].Shorten();
        }
    }
}
