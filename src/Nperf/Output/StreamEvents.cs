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
    /// <summary>The sum once more: readers of iperf3's stream look for it in either place.</summary>
    public required IReadOnlyList<StreamFlow> Streams { get; init; }

    public required StreamFlow Sum { get; init; }

    /// <summary>What goes on, for example <c>allreduce float32 sum</c>.</summary>
    public required string Step { get; init; }

    /// <summary>The size under way, bytes.</summary>
    public required long Bytes { get; init; }

    public required long Iteration { get; init; }

    public required long Iterations { get; init; }

    public required long SizesDone { get; init; }

    public required long SizesTotal { get; init; }
}

/// <summary>
/// What went through the program from one time to another, in iperf3's fields: seconds since the ranks were connected, bytes
/// as algorithm bandwidth counts them.
/// </summary>
internal sealed record StreamFlow(double Start, double End, long Bytes)
{
    /// <summary>What iperf3 tells streams apart by: the rank whose operations were counted; null in a sum, which has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Socket { get; init; }

    public double Seconds => End - Start;

    [JsonPropertyName("bits_per_second")]
    public double BitsPerSecond => Seconds > 0 ? 8 * Bytes / Seconds : 0;

    /// <summary>Never: the figures of <c>end</c> are of all intervals.</summary>
    public bool Omitted { get; init; }

    /// <summary>Always: a rank sends as well as it receives.</summary>
    public bool Sender { get; init; } = true;
}

/// <summary>A stream of iperf3's at its end, as each side saw it; here they are the same.</summary>
internal sealed record StreamSides(StreamFlow Sender, StreamFlow Receiver);

/// <summary>The event <c>end</c>: what is known only then.</summary>
internal sealed record StreamEnd
{
    public required IReadOnlyList<StreamSides> Streams { get; init; }

    /// <summary>The whole run, in iperf3's fields.</summary>
    [JsonPropertyName("sum_sent")]
    public required StreamFlow SumSent { get; init; }

    /// <summary>The same: within a run, what is sent is received.</summary>
    [JsonPropertyName("sum_received")]
    public StreamFlow SumReceived => SumSent;

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
