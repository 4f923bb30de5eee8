using System.Net;
using System.Net.Sockets;
using System.Text;
using Nperf.Core;
using Nperf.Core.Cryptography;
using Nperf.Core.Liveness;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Scale;

/// <summary>
/// A client without a rank: it speaks the real protocol on a real connection, with nperf's own code for greeting, proof, seals
/// and messages, but has no thread of its own and runs no collective.
/// </summary>
internal sealed class SimulatedClient : IDisposable
{
    /// <summary>As many processes as a host with eight GPUs has, and processors as such a host has them.</summary>
    private const int ProcessesOfHost = 8, ProcessorsOfHost = 192;

    /// <summary>How often each says that it lives.</summary>
    public static readonly TimeSpan BetweenBeats = TimeSpan.FromSeconds(5);

    private const int FirstProcessId = 100_000;

    private static readonly string Processors = string.Join(',', Enumerable.Range(0, ProcessorsOfHost));

    private readonly PolledStream _stream;
    private readonly MessageReader _reader;
    private readonly Seal? _seal;
    private readonly RankMark _mark;
    private volatile bool _isWelcome;

    private SimulatedClient(PolledStream stream, Session? session, int number)
    {
        (_stream, _seal, _mark) = (stream, session?.Outgoing, new RankMark(number));
        _reader = new MessageReader(stream) { Seal = session?.Incoming };
    }

    /// <summary>What the others know it by: another for each.</summary>
    public int ProcessId => FirstProcessId + _mark.Rank;

    /// <summary>Connects, greets and, with a token, proves it.</summary>
    /// <param name="server">Where the server listens.</param>
    /// <param name="number">Which client this is, from 1 on: eight share a host.</param>
    /// <param name="token">The run's, or null.</param>
    /// <param name="poller">What wakes it.</param>
    public static async Task<SimulatedClient> ConnectAsync(IPEndPoint server, int number, Token? token, Poller poller)
    {
        Socket socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server);
        PolledStream stream = new(socket, poller);
        stream.ReadInline();
        await stream.WriteAsync(Greeting.FromClient(token is not null));
        Greeted greeted = await Greeting.ReceiveFromServerAsync(stream, CancellationToken.None);
        if (greeted.Guess is not null) throw new ProtocolException(greeted.Guess);
        Session? session = token is null ? null : await TokenProof.ProveAsync(stream, token, CancellationToken.None);
        return new SimulatedClient(stream, session, number);
    }

    /// <summary>Joins, and takes part until the end of the first barrier; returns the size of the World in bytes, as it came.</summary>
    public async Task<int> JoinAsync()
    {
        string host = $"node{_mark.Rank / ProcessesOfHost:0000}";
        // As long, and as different from host to host, as a real one.
        Guid machine = new(Sha256.Hash(Encoding.UTF8.GetBytes(host)).AsSpan(0, 16));
        Hello hello = new()
        {
            Version = ThisProcess.Version,
            Host = host,
            MachineId = machine.ToString(),
            SharedMemoryId = $"{machine}/{host}/0:26",
            Processors = Processors,
            ProcessId = ProcessId,
            Ranks = 1,
            Given = new Dictionary<string, string>(),
        };
        Post(Payloads.Json(MessageType.Hello, hello, ProtocolJson.Default.Hello));
        await ReadAsync(MessageType.Welcome);
        _isWelcome = true;
        Message world = await ReadAsync(MessageType.World);
        await ReadAsync(MessageType.Id);
        await BarrierAsync();
        return world.Payload.Length;
    }

    /// <summary>Meets the server and all others.</summary>
    public async Task BarrierAsync()
    {
        Post(new Message(MessageType.Barrier));
        await ReadAsync(MessageType.Release);
        _mark.Move();
    }

    /// <summary>Tells the server <paramref name="payload"/>.</summary>
    public void Gather(byte[] payload) => Post(new Message(MessageType.Gather, payload));

    /// <summary>Says that its rank lives, and where it is; nothing before it was welcomed.</summary>
    public void Beat()
    {
        if (_isWelcome) Post(new Heartbeat(TimeSpan.Zero, [_mark.Read()]).ToMessage());
    }

    /// <summary>Ends the run in agreement.</summary>
    public async Task LeaveAsync()
    {
        Post(new Message(MessageType.Leave));
        await ReadAsync(MessageType.Leave);
    }

    public void Dispose() => _stream.Dispose();

    private void Post(Message message)
    {
        int seal = _seal is null ? 0 : Seal.Size;
        byte[] bytes = new byte[Message.LongestHeader + message.Payload.Length + seal];
        int header = message.WriteHeader(bytes);
        message.Payload.Span.CopyTo(bytes.AsSpan(header));
        int length = header + message.Payload.Length;

        // Heartbeats come from another thread.
        lock (_stream)
        {
            _seal?.Make(bytes.AsSpan(0, header), message.Payload.Span, bytes.AsSpan(length, seal));

            // A client sends so little that the kernel always has room for it.
            int sent = _stream.TrySend(bytes.AsSpan(0, length + seal));
            if (sent < length + seal) throw new IOException($"sent {sent} of {length + seal} bytes");
        }
    }

    private async ValueTask<Message> ReadAsync(MessageType type)
    {
        while (true)
        {
            Message message = await _reader.ReadAsync(Message.LargestCap, CancellationToken.None) ?? throw new EndOfStreamException();
            if (message.Type == type) return message;
            if (message.Type == MessageType.Abort) throw new RunException(Payloads.Abort(message));
            if (message.Type is not (MessageType.Heartbeat or MessageType.Joined))
                throw new ProtocolException($"sent {message.Type} where {type} was expected");
        }
    }
}
