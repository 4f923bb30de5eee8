using System.Text.Json.Serialization;

namespace Nperf.Core.Results;

/// <summary>What a host has for collectives, and what lies between its parts.</summary>
internal sealed record HostTopology
{
    /// <summary>Its name.</summary>
    public required string Host { get; init; }

    /// <summary>Its processors (<c>0-63</c>), or null where the kernel does not list them.</summary>
    public required string? Cpus { get; init; }

    /// <summary>Its NUMA nodes; none where the kernel has no notion of them.</summary>
    public required IReadOnlyList<NumaNodeSection> NumaNodes { get; init; }

    /// <summary>The GPUs that CUDA gives the process.</summary>
    public required IReadOnlyList<GpuSection> Gpus { get; init; }

    /// <summary>Network adapters that are PCI devices.</summary>
    public required IReadOnlyList<NicSection> Nics { get; init; }

    /// <summary>NVLinks between the GPUs.</summary>
    public required IReadOnlyList<LinkSection> Links { get; init; }

    /// <summary>How many NVSwitches the GPUs' links end in, as far as the driver tells them apart.</summary>
    public required int NvSwitches { get; init; }

    /// <summary>The names of the rows and columns of <see cref="Matrix"/>: <c>GPU0</c>, <c>NIC0</c>.</summary>
    public required IReadOnlyList<string> Devices { get; init; }

    /// <summary>
    /// What lies between two devices, with the letters of <c>nvidia-smi topo -m</c>; <c>?</c> where that is not known.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<string>> Matrix { get; init; }

    /// <summary>What could not be found out and why, one sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>A NUMA node.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Cpus">Its processors (<c>0-31,64-95</c>); empty for memory alone.</param>
internal sealed record NumaNodeSection(int Id, string Cpus);

/// <summary>A network adapter: an RDMA device, its network interfaces, or both.</summary>
internal sealed record NicSection
{
    /// <summary>The RDMA device's name (<c>mlx5_0</c>), or the interface's where there is none.</summary>
    public required string Name { get; init; }

    /// <summary>True where it is an RDMA device.</summary>
    public required bool Rdma { get; init; }

    /// <summary>The names of its network interfaces.</summary>
    public required IReadOnlyList<string> Interfaces { get; init; }

    /// <summary><c>InfiniBand</c> or <c>Ethernet</c>, or null where it is not told.</summary>
    public required string? LinkLayer { get; init; }

    /// <summary>The rate of its fastest port that is up, Gbit/s; null where none is, or it is not told.</summary>
    public required double? Speed { get; init; }

    /// <summary>Its PCI address as the kernel writes it.</summary>
    public required string PciBusId { get; init; }

    /// <summary>The way from the host bridge to it.</summary>
    public required string? PciPath { get; init; }

    /// <summary>The NUMA node it is at, or null where the kernel does not know it.</summary>
    public required int? NumaNode { get; init; }

    /// <summary>The processors nearest to it, or null where they are not known.</summary>
    public required string? CpuAffinity { get; init; }
}

/// <summary>The topologies of several hosts, with what scripts ask one host's for beside them.</summary>
/// <param name="Hosts">Each host's own.</param>
/// <param name="Gpus">The GPUs of all.</param>
/// <param name="Links">The NVLinks of all.</param>
/// <param name="Matrix">Each host's matrix.</param>
internal sealed record HostTopologies(
    IReadOnlyList<HostTopology> Hosts,
    IReadOnlyList<GpuSection> Gpus,
    IReadOnlyList<LinkSection> Links,
    IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>> Matrix)
{
    /// <summary>Those of <paramref name="hosts"/>.</summary>
    public static HostTopologies Of(IReadOnlyList<HostTopology> hosts)
    {
        TopologySection all = TopologySection.Of(hosts);
        return new HostTopologies(hosts, all.Gpus, all.Links, [.. hosts.Select(host => host.Matrix)]);
    }
}

/// <summary>The JSON form of topologies: that of the results document.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NewLine = "\n",
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(HostTopology))]
[JsonSerializable(typeof(HostTopologies))]
internal sealed partial class TopologyJson : JsonSerializerContext;
