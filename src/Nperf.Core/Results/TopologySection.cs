namespace Nperf.Core.Results;

/// <summary>GPUs and the links between them.</summary>
public sealed record TopologySection
{
    /// <summary>The GPUs.</summary>
    public required IReadOnlyList<GpuSection> Gpus { get; init; }

    /// <summary>The links.</summary>
    public required IReadOnlyList<LinkSection> Links { get; init; }

    /// <summary>No GPU.</summary>
    internal static TopologySection Empty { get; } = new() { Gpus = [], Links = [] };

    /// <summary>Those of <paramref name="hosts"/>, one host after the other.</summary>
    internal static TopologySection Of(IEnumerable<HostTopology> hosts) => new()
    {
        Gpus = [.. hosts.SelectMany(host => host.Gpus)],
        Links = [.. hosts.SelectMany(host => host.Links)],
    };
}

/// <summary>One GPU.</summary>
public sealed record GpuSection
{
    /// <summary>The host it is in.</summary>
    public required string Host { get; init; }

    /// <summary>Its number on that host, as CUDA counts in a process of the run.</summary>
    public required int Id { get; init; }

    /// <summary>What it is sold as.</summary>
    public required string Name { get; init; }

    /// <summary>What identifies it everywhere.</summary>
    public required string Uuid { get; init; }

    /// <summary>Its PCI address as the kernel writes it, for example <c>0000:1b:00.0</c>.</summary>
    public required string PciBusId { get; init; }

    /// <summary>The way from the host bridge to it, or null where the kernel does not show it.</summary>
    public required string? PciPath { get; init; }

    /// <summary>The NUMA node it is at, or null where the kernel does not know it.</summary>
    public required int? NumaNode { get; init; }

    /// <summary>The processors nearest to it (<c>0-31,64-95</c>), or null where they are not known.</summary>
    public required string? CpuAffinity { get; init; }

    /// <summary>How many NVLinks of it are up, or null where that is not known.</summary>
    public required int? NvLinks { get; init; }
}

/// <summary>The NVLinks between two GPUs of a host, direct or through NVSwitches; each pair is there once.</summary>
public sealed record LinkSection
{
    /// <summary>The host.</summary>
    public required string Host { get; init; }

    /// <summary>One GPU's number.</summary>
    public required int From { get; init; }

    /// <summary>The other's, which is greater.</summary>
    public required int To { get; init; }

    /// <summary><c>NVLink</c>.</summary>
    public required string Type { get; init; }

    /// <summary>How many links are bonded.</summary>
    public required int Count { get; init; }

    /// <summary>Of all together in one direction, GB/s (10^9 bytes a second); null where it is not known.</summary>
    public required double? Bandwidth { get; init; }

    /// <summary>True where they go through NVSwitches: the GPU shares them among all others.</summary>
    public required bool ViaSwitch { get; init; }
}
