using Nperf.Core.NcclBackend;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;

namespace Nperf.Core.Pairs;

/// <summary>Where the ranks of a run are, for people, and what lies between two of them; on rank 0, which knows all hosts.</summary>
internal sealed class PairPlaces(World world, FabricFacts? facts)
{
    public const string Process = "process", Host = "host", NvLink = "nvlink", Network = "network";

    /// <summary>In <c>nvidia-smi topo -m</c>'s letters, the nearest first.</summary>
    private static readonly string[] Near = ["PIX", "PXB", "PHB", "NODE", "SYS"];

    private readonly bool _onGpus = facts is { Gpus.Count: > 0 };

    /// <summary>The ranks by host, in their order.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Hosts { get; } = world.RanksByHost();

    /// <summary>The class of the link between two ranks.</summary>
    public string ClassOf(int one, int other)
    {
        ProcessInfo first = world.ProcessOf(one), second = world.ProcessOf(other);
        if (first.SharedMemoryId != second.SharedMemoryId) return Network;
        if (_onGpus) return AreLinked(one, other) ? NvLink : Host;
        return first.Index == second.Index ? Process : Host;
    }

    /// <summary>The host of <paramref name="rank"/>.</summary>
    public string HostOf(int rank) => world.ProcessOf(rank).Host;

    /// <summary>The GPU of <paramref name="rank"/> for people, or null.</summary>
    public string? GpuOf(int rank) => GpuAt(rank) is { } gpu ? $"GPU {gpu.Gpu.Index} ({gpu.Gpu.Uuid})" : null;

    /// <summary>The network adapter or interface of <paramref name="rank"/>, or null where it is not known.</summary>
    public string? NicOf(int rank)
    {
        if (facts?.Interfaces.ElementAtOrDefault(world.ProcessOf(rank).Index) is { Count: > 0 } named)
            return string.Join(", ", named.Select(one => one.Name));
        if (TopologyOf(rank) is not { } host || IdOf(host, rank) is not { } id) return null;
        int row = Devices(host, $"GPU{id}");
        return row < 0
            ? null
            : host.Nics.Index().Select(nic => (nic.Item.Name, Far: Distance(host, row, Devices(host, $"NIC{nic.Index}"))))
                .Where(nic => nic.Far >= 0).OrderBy(nic => nic.Far).Select(nic => nic.Name).FirstOrDefault();
    }

    /// <summary>The rank for people: <c>rank 5 on node6, GPU 3</c>.</summary>
    public string Name(int rank) =>
        $"rank {rank} on {HostOf(rank)}" + (GpuAt(rank) is { } gpu ? $", GPU {gpu.Gpu.Index}" : "");

    private static int Devices(HostTopology host, string name) => host.Devices.ToList().IndexOf(name);

    private static int Distance(HostTopology host, int row, int column) =>
        column < 0 ? -1 : Array.IndexOf(Near, host.Matrix[row][column]);

    /// <summary>The number that the host's topology has for the GPU of <paramref name="rank"/>.</summary>
    private int? IdOf(HostTopology host, int rank) =>
        GpuAt(rank) is { } gpu ? host.Gpus.FirstOrDefault(one => one.Uuid == gpu.Gpu.Uuid)?.Id : null;

    private RankGpu? GpuAt(int rank) => facts?.Gpus.ElementAtOrDefault(rank);

    private HostTopology? TopologyOf(int rank) => facts?.Hosts.FirstOrDefault(host => host.Host == HostOf(rank));

    private bool AreLinked(int one, int other)
    {
        if (TopologyOf(one) is not { } host || IdOf(host, one) is not { } first || IdOf(host, other) is not { } second) return false;
        return host.Links.Any(link => link.From == Math.Min(first, second) && link.To == Math.Max(first, second));
    }
}
