using Nperf.Core.Results;

namespace Nperf.Tests.Topology;

/// <summary>Topologies as hosts have them.</summary>
internal static class Topologies
{
    /// <summary>Two GPUs with NVSwitches, an adapter beside the first and a plain one, two NUMA nodes.</summary>
    public static HostTopology Switched(string host = "node1") => new()
    {
        Host = host,
        Cpus = "0-63",
        NumaNodes = [new NumaNodeSection(0, "0-31"), new NumaNodeSection(1, "32-63")],
        Gpus =
        [
            Gpu(host, 0, "0000:1b:00.0", "pci0000:18/0000:18:01.0/0000:19:00.0/0000:1a:00.0/0000:1b:00.0", 0, "0-31", 18),
            Gpu(host, 1, "0000:9b:00.0", "pci0000:98/0000:98:01.0/0000:9b:00.0", 1, "32-63", 18),
        ],
        Nics =
        [
            new NicSection
            {
                Name = "mlx5_0",
                Rdma = true,
                Interfaces = ["ib0"],
                LinkLayer = "InfiniBand",
                Speed = 400,
                PciBusId = "0000:1c:00.0",
                PciPath = "pci0000:18/0000:18:01.0/0000:19:00.0/0000:1a:01.0/0000:1c:00.0",
                NumaNode = 0,
                CpuAffinity = "0-31",
            },
            new NicSection
            {
                Name = "eth0",
                Rdma = false,
                Interfaces = ["eth0"],
                LinkLayer = "Ethernet",
                Speed = 2.5,
                PciBusId = "0000:00:1f.6",
                PciPath = "pci0000:00/0000:00:1f.6",
                NumaNode = null,
                CpuAffinity = null,
            },
        ],
        Links = [Link(host, 0, 1, 18, 450, viaSwitch: true)],
        NvSwitches = 4,
        Devices = ["GPU0", "GPU1", "NIC0", "NIC1"],
        Matrix =
        [
            ["X", "NV18", "PIX", "SYS"], ["NV18", "X", "SYS", "SYS"], ["PIX", "SYS", "X", "SYS"],
            ["SYS", "SYS", "SYS", "X"],
        ],
        Notes = [],
    };

    /// <summary>Three GPUs of which two are linked, in a machine without NUMA nodes.</summary>
    public static HostTopology Linked(string host = "node2") => Switched(host) with
    {
        NumaNodes = [],
        Gpus =
        [
            Gpu(host, 0, "0000:1b:00.0", null, null, null, 2), Gpu(host, 1, "0000:1c:00.0", null, null, null, 2),
            Gpu(host, 2, "0000:1d:00.0", "pci0000:00/0000:00:01.0/0000:1d:00.0", null, null, null),
        ],
        Nics = [],
        Links = [Link(host, 0, 1, 2, null, viaSwitch: false)],
        NvSwitches = 0,
        Devices = ["GPU0", "GPU1", "GPU2"],
        Matrix = [["X", "NV2", "?"], ["NV2", "X", "?"], ["?", "?", "X"]],
        Notes = ["the bandwidth is not known\nreally"],
    };

    /// <summary>A machine without any device.</summary>
    public static HostTopology Bare(string host = "node3") => Linked(host) with
    {
        Gpus = [],
        Links = [],
        Devices = [],
        Matrix = [],
        Notes = ["no GPU: libcuda.so.1: not there"],
    };

    private static GpuSection Gpu(
        string host, int id, string address, string? path, int? node, string? cpus, int? links) => new()
        {
            Host = host,
            Id = id,
            Name = "NVIDIA H200",
            Uuid = $"GPU-{id}",
            PciBusId = address,
            PciPath = path,
            NumaNode = node,
            CpuAffinity = cpus,
            NvLinks = links,
        };

    private static LinkSection Link(string host, int from, int to, int count, double? bandwidth, bool viaSwitch) => new()
    {
        Host = host,
        From = from,
        To = to,
        Type = "NVLink",
        Count = count,
        Bandwidth = bandwidth,
        ViaSwitch = viaSwitch,
    };
}
