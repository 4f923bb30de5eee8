namespace Nperf.Core.Topology;

/// <summary>What lies between two PCI devices, from near to far, by the names of <c>nvidia-smi topo</c>.</summary>
internal enum PciRelation
{
    /// <summary>At most one PCIe switch.</summary>
    Pix,

    /// <summary>Several PCIe switches, no host bridge.</summary>
    Pxb,

    /// <summary>A host bridge.</summary>
    Phb,

    /// <summary>Several host bridges of a NUMA node.</summary>
    Node,

    /// <summary>What connects NUMA nodes.</summary>
    Sys,

    /// <summary>The kernel does not show one of the devices.</summary>
    Unknown,
}

/// <summary>Where a device is: its way from the host bridge (<see cref="PciDevices.PathOf"/>), its NUMA node.</summary>
internal readonly record struct PciPlace(string? Path, int? NumaNode)
{
    /// <summary>
    /// A switch is bridges: one up, one down for each port. Two devices in one switch share the way up to its first
    /// bridge, and each has at most a bridge of its own below it.
    /// </summary>
    private const int BelowOneSwitch = 2;

    /// <summary>What lies between this place and <paramref name="other"/> on a machine of so many NUMA nodes.</summary>
    public PciRelation To(PciPlace other, int numaNodes)
    {
        if (Path is null || other.Path is null) return PciRelation.Unknown;
        string[] here = Path.Split('/'), there = other.Path.Split('/');
        int shared = 0;
        while (shared < Math.Min(here.Length, there.Length) && here[shared] == there[shared]) shared++;
        if (shared == 0) return IsOnNodeOf(other, numaNodes) ? PciRelation.Node : PciRelation.Sys;
        if (shared == 1) return PciRelation.Phb;
        return Math.Max(here.Length, there.Length) - shared <= BelowOneSwitch ? PciRelation.Pix : PciRelation.Pxb;
    }

    private bool IsOnNodeOf(PciPlace other, int numaNodes) =>
        numaNodes <= 1 || (NumaNode is { } node && node == other.NumaNode);
}

/// <summary>Relations as text.</summary>
internal static class PciRelations
{
    /// <summary>The letters for <paramref name="relation"/>, for example <c>PIX</c>.</summary>
    public static string Letters(this PciRelation relation) => relation switch
    {
        PciRelation.Pix => "PIX",
        PciRelation.Pxb => "PXB",
        PciRelation.Phb => "PHB",
        PciRelation.Node => "NODE",
        PciRelation.Sys => "SYS",
        _ => "?",
    };

    /// <summary>
    /// What NVML's level of two GPUs means (nvmlGpuTopologyLevel_t); a board with two GPUs, 0, has a switch on it.
    /// </summary>
    public static PciRelation OfNvmlLevel(int level) => level switch
    {
        0 or 10 => PciRelation.Pix,
        20 => PciRelation.Pxb,
        30 => PciRelation.Phb,
        40 => PciRelation.Node,
        50 => PciRelation.Sys,
        _ => PciRelation.Unknown,
    };
}
