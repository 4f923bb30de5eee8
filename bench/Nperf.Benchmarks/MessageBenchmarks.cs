using BenchmarkDotNet.Attributes;
using Nperf.Core.Liveness;
using Nperf.Core.Rendezvous;

namespace Nperf.Benchmarks;

/// <summary>What a message of the control protocol has in it.</summary>
public enum Content
{
    /// <summary>Nothing: the type byte is all of it.</summary>
    Barrier,

    /// <summary>Eight numbers to be reduced.</summary>
    Values,

    /// <summary>How far eight ranks have come.</summary>
    Heartbeat,

    /// <summary>A client's introduction.</summary>
    Hello,

    /// <summary>A list of 64 processes, compressed.</summary>
    World,
}

/// <summary>Messages of the control protocol, from what they say to the bytes of the wire and back, without a socket.</summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    /// <summary>In a row on one connection, so that its reader is made once for many.</summary>
    private const int Messages = 64;

    private const int Ranks = 8;
    private const int Processes = 64;

    private static readonly byte[] Key = new byte[32];

    private readonly double[] _values = [.. Enumerable.Range(1, 8).Select(value => value / 3.0)];
    private readonly Heartbeat _heartbeat = new(
        TimeSpan.Zero,
        [.. Enumerable.Repeat(new RankPosition { Step = RankStep.Timing, Operation = "allreduce", Bytes = 1024 }, Ranks)]);
    private readonly ProcessInfo[] _processes =
        [.. Enumerable.Range(0, Processes).Select(index => ThisProcess.Describe(index, index, 1, $"192.0.2.{index}"))];
    private readonly Hello _hello = new()
    {
        Version = ThisProcess.Version,
        Host = ThisProcess.Host,
        MachineId = ThisProcess.MachineId,
        SharedMemoryId = ThisProcess.SharedMemoryId,
        Processors = ThisProcess.Processors,
        ProcessId = Environment.ProcessId,
        Ranks = 1,
        Given = new Dictionary<string, string> { ["op"] = "allreduce", ["bytes"] = "1024" },
    };

    private byte[] _frame = [];
    private byte[] _wire = [];
    private Seal? _seal;

    /// <summary>What the messages say.</summary>
    [ParamsAllValues]
    public Content Content { get; set; }

    /// <summary>True where both sides have a token, and every message a tag.</summary>
    [Params(false, true)]
    public bool Sealed { get; set; }

    /// <summary>Writes the messages to read.</summary>
    [GlobalSetup]
    public void Write()
    {
        _seal = NewSeal();
        _frame = new byte[Make().SizeWith(_seal)];
        using MemoryStream wire = new();
        Seal? seal = NewSeal();
        for (int i = 0; i < Messages; i++) wire.Write(_frame.AsSpan(0, Make().Write(_frame, seal)));
        _wire = wire.ToArray();
    }

    /// <summary>From what it says to bytes.</summary>
    [Benchmark]
    public int Encode() => Make().Write(_frame, _seal);

    /// <summary>From bytes to what it says.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public async Task<object?> Decode()
    {
        MessageReader reader = new(new MemoryStream(_wire)) { Seal = NewSeal() };
        object? last = null;
        while (await reader.ReadAsync(Message.LargestCap, CancellationToken.None) is { } message) last = Read(message);
        return last;
    }

    private Seal? NewSeal() => Sealed ? new Seal(Key) : null;

    private Message Make() => Content switch
    {
        Content.Values => ValuesPayload.Encode(_values, ControlReduction.Max),
        Content.Heartbeat => _heartbeat.ToMessage(),
        Content.Hello => Payloads.Json(MessageType.Hello, _hello, ProtocolJson.Default.Hello),
        Content.World => Payloads.World(_processes),
        _ => new Message(MessageType.Barrier),
    };

    private object? Read(Message message) => message.Type switch
    {
        MessageType.Values => ValuesPayload.Decode(message, _values.Length, ControlReduction.Max),
        MessageType.Heartbeat => Heartbeat.From(message, Ranks),
        MessageType.Hello => Payloads.Json(message, ProtocolJson.Default.Hello),
        MessageType.World => Payloads.World(message),
        _ => null,
    };
}
