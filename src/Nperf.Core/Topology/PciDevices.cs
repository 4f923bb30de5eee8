using System.Globalization;

namespace Nperf.Core.Topology;

/// <summary>Where PCI devices are in the machine, as the kernel shows it below <c>/sys</c>.</summary>
/// <param name="sysfs">Where that is mounted.</param>
internal sealed class PciDevices(string sysfs = "/sys")
{
    private const string Virtio = "virtio";

    /// <summary>
    /// The way from the host bridge to a device: <c>pci0000:16/0000:16:01.0/0000:17:00.0</c>; null where the kernel
    /// does not show it. <paramref name="pciBusId"/> is in the kernel's, CUDA's or NVML's form.
    /// </summary>
    public string? PathOf(string pciBusId) =>
        Folder(pciBusId) is { } folder && LinkTarget(folder) is { } target ? Parse(target).Path : null;

    /// <summary>The NUMA node that a device is at, or null where the kernel does not know it.</summary>
    public int? NumaNodeOf(string pciBusId)
    {
        string? text = Folder(pciBusId) is { } folder ? TextFile.ReadOrNull($"{folder}/numa_node") : null;
        // -1: the firmware does not say.
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int node) ? node : null;
    }

    /// <summary>
    /// The processors nearest to a device, as the kernel lists them (<c>0-31,64-95</c>), or null.
    /// </summary>
    public string? ProcessorListNear(string pciBusId) =>
        Folder(pciBusId) is { } folder && TextFile.ReadOrNull($"{folder}/local_cpulist") is { Length: > 0 } list
            ? list
            : null;

    /// <summary>
    /// The numbers of the processors nearest to a device, in ascending order; empty where they are not known.
    /// </summary>
    public IReadOnlyList<int> ProcessorsNear(string pciBusId) => CpuList.Parse(ProcessorListNear(pciBusId) ?? "");

    /// <summary>True for an NVSwitch and false for another device; null where the kernel does not show it.</summary>
    internal bool? IsSwitch(string pciBusId) =>
        Folder(pciBusId) is { } folder && TextFile.ReadOrNull($"{folder}/class") is { } text
            // An NVSwitch is a bridge of no other kind.
            ? text.StartsWith("0x0680", StringComparison.Ordinal)
            : null;

    /// <summary>
    /// The PCI device of each entry of a class (<c>net</c>, <c>infiniband</c>). Entries that belong to none are left
    /// out, as are those of another bus behind one (USB).
    /// </summary>
    internal IEnumerable<(string Name, string PciBusId)> OfClass(string name)
    {
        foreach (string entry in EntriesOf($"{sysfs}/class/{name}"))
        {
            if (LinkTarget(entry) is not { } target) continue;
            (string? path, string[] rest) = Parse(target);
            // Between the device and its class there is nothing, or virtio's own device.
            if (rest is [var between, ..] && between.StartsWith(Virtio, StringComparison.Ordinal)) rest = rest[1..];
            bool belongs = rest is [var first, _] && first == name;
            if (path is not null && belongs) yield return (rest[^1], path[(path.LastIndexOf('/') + 1)..]);
        }
    }

    private string? Folder(string pciBusId) =>
        PciAddress.Normalize(pciBusId) is { } address ? $"{sysfs}/bus/pci/devices/{address}" : null;

    /// <summary>The part of a path from the host bridge to the last PCI device, and what follows.</summary>
    internal static (string? Path, string[] Behind) Parse(string path)
    {
        string[] parts = path.Split('/');
        int root = Array.FindIndex(parts, PciAddress.IsRoot);
        if (root < 0) return (null, []);
        int end = root + 1;
        while (end < parts.Length && PciAddress.Normalize(parts[end]) is not null) end++;
        return end == root + 1 ? (null, []) : (string.Join('/', parts[root..end]), parts[end..]);
    }

    private static string[] EntriesOf(string folder)
    {
        try
        {
            // By length first: mlx5_2 comes before mlx5_10.
            return [.. Directory.GetFileSystemEntries(folder)
                .OrderBy(entry => entry.Length).ThenBy(entry => entry, StringComparer.Ordinal)];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
