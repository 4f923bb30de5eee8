namespace Nperf.Core.NcclLog;

/// <summary>What NCCL did, as far as a process's log tells.</summary>
internal sealed record NcclActivity
{
    /// <summary>NCCL's version and the CUDA it was built with, for example <c>2.28.9+cuda12.9</c>.</summary>
    public string? Version { get; init; }

    /// <summary>The network that it uses between hosts, for example <c>IB</c>, <c>Socket</c> or a plugin's name.</summary>
    public string? Network { get; init; }

    /// <summary>That network's devices, for example <c>mlx5_0:1/IB</c>; none where a plugin does not tell.</summary>
    public IReadOnlyList<string> NetworkDevices { get; init; } = [];

    /// <summary>The ranks of the communicator.</summary>
    public int? Ranks { get; init; }

    /// <summary>The hosts as NCCL counts them (since 2.20): NCCL_HOSTID and multi-node NVLink make others of them.</summary>
    public int? Nodes { get; init; }

    /// <summary>The channels that collectives may use.</summary>
    public int? CollectiveChannels { get; init; }

    /// <summary>The channels for NVLink SHARP (since 2.18); 0 where the machine has none.</summary>
    public int? NvlsChannels { get; init; }

    /// <summary>The channels that send and receive may use.</summary>
    public int? SendRecvChannels { get; init; }

    /// <summary>The longest initialisation of a rank in milliseconds (since 2.22, to 10 ms).</summary>
    public double? InitMilliseconds { get; init; }

    /// <summary>The connections, in order of appearance. Since 2.22 they are made when a collective first needs them.</summary>
    public IReadOnlyList<NcclConnection> Connections { get; init; } = [];

    /// <summary>The collectives, in order of appearance; in the log of rank 0's process alone.</summary>
    public IReadOnlyList<NcclChoice> Choices { get; init; } = [];

    /// <summary>NCCL's warnings without their place in its source, each once.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
