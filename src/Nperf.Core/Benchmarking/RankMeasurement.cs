using System.Text.Json.Serialization;
using Nperf.Core.Results;

namespace Nperf.Core.Benchmarking;

/// <summary>What one rank measured for one size: what it sends to rank 0.</summary>
internal sealed record RankMeasurement
{
    public required int Rank { get; init; }

    /// <summary>Operations that count for the headline.</summary>
    public required long Iterations { get; init; }

    /// <summary>The time until this rank was done with them, microseconds.</summary>
    public required double OwnUs { get; init; }

    /// <summary>The time until every rank was, microseconds.</summary>
    public required double CompleteUs { get; init; }

    /// <summary>The time until they were handed to the device, microseconds.</summary>
    public required double EnqueueUs { get; init; }

    /// <summary>Times of single operations, microseconds.</summary>
    public required double[] SamplesUs { get; init; }

    /// <summary>The single operations in blocks, at the same operations on every rank, microseconds.</summary>
    public required WaitBlock[] Blocks { get; init; }

    /// <summary>The part of its time that the rank waited for others; null where the backend does not tell.</summary>
    public required double? Waiting { get; init; }

    /// <summary>Wrong elements; null where nothing was checked.</summary>
    public required long? Wrong { get; init; }

    public required WrongElement? FirstWrong { get; init; }

    public required long PeakMemoryBytes { get; init; }
}

/// <summary>The form in which measurements travel on the control connection.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RankMeasurement))]
internal sealed partial class MeasurementJson : JsonSerializerContext;
