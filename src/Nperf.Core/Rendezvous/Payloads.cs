using System.Buffers.Binary;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>A client introduces itself.</summary>
internal sealed record Hello
{
    public required string Version { get; init; }

    public required string Host { get; init; }

    public required string MachineId { get; init; }

    public required string SharedMemoryId { get; init; }

    public required string Processors { get; init; }

    public required int ProcessId { get; init; }

    /// <summary>The ranks that it brings, its members' too.</summary>
    public required int Ranks { get; init; }

    /// <summary>The processes that it brings, itself too: 1, which null stands for, or as many as ranks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Processes { get; init; }

    /// <summary>From a member: the index of the process that started it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MemberOf { get; init; }

    /// <summary>From a member: which of that process's members it is, from 1 on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Member { get; init; }

    /// <summary>From a member: what the server told the process that started it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    /// <summary>The place that it was started for; null where the server is to give it one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AssignedPlace? Assigned { get; init; }

    /// <summary>With MPI, which shows nobody's address: this process's own, where it has one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Address { get; init; }

    /// <summary>Options given on the client's command line: name to canonical text (<see cref="RunOptionsText"/>).</summary>
    public required IReadOnlyDictionary<string, string> Given { get; init; }

    /// <summary>That of this process.</summary>
    public static Hello From(ProcessOptions process, RunOptions options, IReadOnlySet<string> given) => new()
    {
        Version = ThisProcess.Version,
        Host = ThisProcess.Host,
        MachineId = ThisProcess.MachineId,
        SharedMemoryId = ThisProcess.SharedMemoryId,
        Processors = ThisProcess.Processors,
        ProcessId = Environment.ProcessId,
        Ranks = process.RanksPerProcess,
        Processes = process.Processes == 1 ? null : process.Processes,
        MemberOf = process.Place?.MemberOf,
        Member = process.Place?.Member,
        Secret = process.Place?.Secret,
        Assigned = process.Assigned,
        Given = RunOptionsText.Given(options, given),
    };
}

/// <summary>The server takes a client in.</summary>
internal sealed record Welcome
{
    public required string Version { get; init; }

    /// <summary>The client, as the other processes will know it.</summary>
    public required ProcessInfo Self { get; init; }

    public required ProcessInfo Server { get; init; }

    public required int Joined { get; init; }

    public required int Expected { get; init; }

    /// <summary>How long the server waits for each further client, in seconds.</summary>
    public required double JoinTimeoutSeconds { get; init; }

    public required RunOptions Options { get; init; }

    /// <summary>What the client's members have to show, where it brings any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Hello))]
[JsonSerializable(typeof(Welcome))]
[JsonSerializable(typeof(ProcessInfo[]))]
[JsonSerializable(typeof(Failure))]
[JsonSerializable(typeof(MemberPlace))]
internal sealed partial class ProtocolJson : JsonSerializerContext;

/// <summary>Payloads to and from bytes.</summary>
internal static class Payloads
{
    private const int FirstOfWorld = 16 << 10;

    public static Message Json<T>(MessageType type, T value, JsonTypeInfo<T> form) =>
        new(type, JsonSerializer.SerializeToUtf8Bytes(value, form));

    public static T Json<T>(Message message, JsonTypeInfo<T> form)
    {
        try
        {
            return JsonSerializer.Deserialize(message.Payload.Span, form) ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            throw new ProtocolException($"sent a {message.Type} that cannot be read");
        }
    }

    /// <summary>
    /// Every process, made once for all clients. Compressed: processes have much in common, and thousands of times the text for
    /// thousands of clients would be gigabytes.
    /// </summary>
    public static Message World(ProcessInfo[] processes)
    {
        using MemoryStream small = new();
        using (ZLibStream squeeze = new(small, CompressionLevel.Optimal, leaveOpen: true))
            JsonSerializer.Serialize(squeeze, processes, ProtocolJson.Default.ProcessInfoArray);
        return new Message(MessageType.World, small.ToArray());
    }

    public static ProcessInfo[] World(Message message)
    {
        try
        {
            using MemoryStream small = new(message.Payload.ToArray());
            using ZLibStream text = new(small, CompressionMode.Decompress);
            byte[] json = new byte[FirstOfWorld];
            int have = 0;
            while (text.Read(json.AsSpan(have)) is var read and > 0)
            {
                have += read;
                if (have > Message.LargestWorld) throw new ProtocolException($"sent a World of more than {Message.LargestWorld} bytes");
                if (have == json.Length) Array.Resize(ref json, 2 * have);
            }

            return Json(new Message(MessageType.World, json.AsMemory(0, have)), ProtocolJson.Default.ProcessInfoArray);
        }
        catch (InvalidDataException)
        {
            throw new ProtocolException("sent a World that cannot be read");
        }
    }

    public static Message Abort(Failure failure)
    {
        // Cut so that the message stays below its cap whatever the text is made of (at most 6 bytes a character).
        failure = failure with { Message = PrintableText.From(failure.Message, 8000) };
        return Json(MessageType.Abort, failure, ProtocolJson.Default.Failure);
    }

    public static Failure Abort(Message message)
    {
        Failure failure = Json(message, ProtocolJson.Default.Failure);
        return failure with
        {
            Kind = Enum.IsDefined(failure.Kind) ? failure.Kind : FailureKind.Error,
            Message = PrintableText.From(failure.Message, 8000),
            Host = failure.Host is null ? null : PrintableText.From(failure.Host),
            Step = failure.Step is null ? null : PrintableText.From(failure.Step),
        };
    }

    public static Message Joined(int joined, int expected)
    {
        byte[] payload = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(payload, joined);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(4), expected);
        return new Message(MessageType.Joined, payload);
    }

    public static (int Joined, int Expected) Joined(Message message)
    {
        ReadOnlySpan<byte> payload = message.Payload.Span;
        if (payload.Length != 8) throw new ProtocolException($"sent a Joined of {payload.Length} bytes");
        return (BinaryPrimitives.ReadInt32LittleEndian(payload), BinaryPrimitives.ReadInt32LittleEndian(payload[4..]));
    }
}
