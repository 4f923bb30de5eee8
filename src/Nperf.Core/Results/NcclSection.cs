namespace Nperf.Core.Results;

/// <summary>What NCCL did, from its own log. What it did not tell is null or empty.</summary>
public sealed record NcclSection
{
    /// <summary>The network that it uses between hosts, for example <c>IB</c> or <c>Socket</c>.</summary>
    public string? Network { get; init; }

    /// <summary>That network's devices on the host of the process that wrote the document.</summary>
    public IReadOnlyList<string> NetworkDevices { get; set; } = [];

    /// <summary>The hosts as NCCL counts them.</summary>
    public int? Nodes { get; init; }

    /// <summary>The channels that collectives may use.</summary>
    public int? Channels { get; init; }

    /// <summary>The channels for NVLink SHARP; 0 where the machine has none.</summary>
    public int? NvlsChannels { get; init; }

    /// <summary>The channels that send and receive may use.</summary>
    public int? P2pChannels { get; init; }

    /// <summary>The longest initialisation of a rank by NCCL's clock, milliseconds.</summary>
    public double? InitMs { get; init; }

    /// <summary>What connects the ranks, by rank.</summary>
    public IReadOnlyList<ConnectionSection> Connections { get; set; } = [];

    /// <summary>NCCL's warnings, each once.</summary>
    public IReadOnlyList<string> Warnings { get; set; } = [];
}

/// <summary>The connections from one rank to another that are of one kind.</summary>
public sealed record ConnectionSection
{
    /// <summary>The rank that sends; null for the switch that reduces (CollNet).</summary>
    public required int? From { get; init; }

    /// <summary>The rank that receives; null likewise.</summary>
    public required int? To { get; init; }

    /// <summary>The transport as NCCL names it, without devices: <c>P2P/CUMEM</c>, <c>NET/IB/GDRDMA</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>True where send and receive use it, false where collectives do.</summary>
    public required bool SendRecv { get; init; }

    /// <summary>How many channels.</summary>
    public required int Channels { get; init; }

    /// <summary>The network devices, by NCCL's numbers on the host of each end; none where no network is used.</summary>
    public IReadOnlyList<int> Devices { get; set; } = [];
}
