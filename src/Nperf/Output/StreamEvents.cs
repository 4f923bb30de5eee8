using System.Text.Json.Serialization;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>The event <c>start</c>: the document's head.</summary>
internal sealed record StreamStart(
    int SchemaVersion, string Version, DateTimeOffset StartedAt, ConfigSection Config, string? Transports,
    IReadOnlyList<ProcessSection> Processes, TopologySection Topology, EnvironmentSection Environment);

/// <summary>The event <c>interval</c>: how far the run has come, and what it moved since the interval before.</summary>
internal sealed record StreamInterval
{
    /// <summary>Nothing: nperf's figures are of all ranks together. There because readers of iperf3's stream look for it.</summary>
    public IReadOnlyList<string> Streams { get; } = [];

    public required StreamSum Sum { get; init; }

    /// <summary>What goes on, for example <c>allreduce float32 sum</c>.</summary>
    public required string Step { get; init; }

    /// <summary>The size under way, bytes.</summary>
    public required long Bytes { get; init; }

    public required long Iteration { get; init; }

    public required long Iterations { get; init; }

    public required long SizesDone { get; init; }

    public required long SizesTotal { get; init; }
}

/// <summary>What moved in an interval, in iperf3's fields: seconds since the ranks were connected, bytes as algorithm bandwidth counts them.</summary>
internal sealed record StreamSum(
    double Start, double End, double Seconds, long Bytes, [property: JsonPropertyName("bits_per_second")] double BitsPerSecond);

/// <summary>The event <c>end</c>: what is known only then.</summary>
internal sealed record StreamEnd
{
    /// <summary>How many results there were.</summary>
    public required int Results { get; init; }

    /// <summary>From the connected ranks on, seconds; 0 where they never were.</summary>
    public required double Seconds { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required NcclSection? Nccl { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required PairsSection? Pairs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required FindSlowSection? FindSlow { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required IReadOnlyList<ExpectationSection>? Expectations { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required ErrorSection? Error { get; init; }
}

/// <summary>The form of the events: that of the document.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StreamStart))]
[JsonSerializable(typeof(StreamInterval))]
[JsonSerializable(typeof(StreamEnd))]
[JsonSerializable(typeof(SizeResult))]
[JsonSerializable(typeof(string))]
internal sealed partial class StreamJson : JsonSerializerContext;
