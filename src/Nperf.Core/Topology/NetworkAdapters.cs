using System.Globalization;
using Nperf.Core.Machine;
using Nperf.Core.Results;

namespace Nperf.Core.Topology;

/// <summary>Network adapters that are PCI devices: RDMA devices first, then interfaces that belong to none.</summary>
internal static class NetworkAdapters
{
    private const string InfiniBand = "InfiniBand";
    private const string Ethernet = "Ethernet";

    /// <summary>Those that <paramref name="sysfs"/> shows.</summary>
    public static IReadOnlyList<NicSection> Read(string sysfs, PciDevices pci)
    {
        (string Name, string PciBusId)[] interfaces = [.. pci.OfClass("net")];
        (string Name, string PciBusId)[] rdma = [.. pci.OfClass("infiniband")];
        return
        [
            .. rdma.Select(device => Rdma(
                sysfs, pci, device,
                [.. interfaces.Where(port => port.PciBusId == device.PciBusId).Select(port => port.Name)])),
            .. interfaces.Where(port => rdma.All(device => device.PciBusId != port.PciBusId))
                .Select(port => Interface(sysfs, pci, port)),
        ];
    }

    private static NicSection Rdma(
        string sysfs, PciDevices pci, (string Name, string PciBusId) device, IReadOnlyList<string> interfaces)
    {
        string folder = $"{sysfs}/class/infiniband/{device.Name}/ports";
        string[] ports = Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];
        return Adapter(pci, device, interfaces) with
        {
            Rdma = true,
            LinkLayer = ports.Select(port => TextFile.ReadOrNull($"{port}/link_layer")).FirstOrDefault(),
            Speed = ports.Where(IsActive).Max(port => FirstNumber(TextFile.ReadOrNull($"{port}/rate"))),
        };
    }

    private static NicSection Interface(string sysfs, PciDevices pci, (string Name, string PciBusId) port)
    {
        string? type = TextFile.ReadOrNull($"{sysfs}/class/net/{port.Name}/type");
        return Adapter(pci, port, [port.Name]) with
        {
            // ARPHRD_ETHER and ARPHRD_INFINIBAND of the kernel's if_arp.h.
            LinkLayer = type switch { "1" => Ethernet, "32" => InfiniBand, _ => null },
            Speed = NetworkPort.Read($"{sysfs}/class/net", port.Name, []).SpeedMegabits / 1000.0,
        };
    }

    private static NicSection Adapter(
        PciDevices pci, (string Name, string PciBusId) device, IReadOnlyList<string> interfaces) => new()
        {
            Name = device.Name,
            Rdma = false,
            Interfaces = interfaces,
            LinkLayer = null,
            Speed = null,
            PciBusId = device.PciBusId,
            PciPath = pci.PathOf(device.PciBusId),
            NumaNode = pci.NumaNodeOf(device.PciBusId),
            CpuAffinity = pci.ProcessorListNear(device.PciBusId),
        };

    // "4: ACTIVE"
    private static bool IsActive(string port) =>
        TextFile.ReadOrNull($"{port}/state")?.EndsWith("ACTIVE", StringComparison.Ordinal) ?? false;

    /// <summary>The number at the beginning of, for example, <c>400 Gb/sec (4X NDR)</c>.</summary>
    internal static double? FirstNumber(string? text) =>
        double.TryParse(
            text?.Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number)
            ? number
            : null;
}
