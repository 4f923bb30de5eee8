using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// One control connection. Sending never blocks: who posts a message writes it where the kernel takes it at once; what has to
/// wait is queued, and written as the other side reads. After <see cref="Start"/> a loop reads, in the thread of all connections: it
/// keeps messages for <see cref="TryTake"/> and passes on aborts and the end as they come.
/// </summary>
internal sealed class Connection : ControlChannel, IDisposable
{
    /// <summary>How long an ended connection is kept for its last messages to arrive, all in all.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    /// <summary>Messages up to this size, bytes, are sent in one piece.</summary>
    private const int FrameSize = 4096;

    /// <summary>Messages up to this size, bytes, are sent at once where the kernel has room: what is sent in a run again and again.</summary>
    private const int ShortSize = 128;

    private readonly PolledStream _stream;
    private readonly MessageReader _reader;
    private readonly CancellationTokenSource _closed = new();
    private readonly Queue<Message> _outgoing = [];
    private readonly Channel<Message> _incoming = Channel.CreateBounded<Message>(64);
    private Task _receiving = Task.CompletedTask;
    private bool _isSending;
    private byte[]? _rest;
    private TaskCompletionSource? _sent;
    private volatile bool _queueFull;
    private volatile bool _leftHere;
    private volatile bool _leftThere;
    private volatile bool _aborted;
    private volatile bool _closing;

    /// <param name="stream">The greetings exchanged. It is this connection's from here on.</param>
    /// <param name="session">What the two sides proved to each other with a token, or null where they have none.</param>
    public Connection(PolledStream stream, Session? session = null)
    {
        _stream = stream;
        _reader = new MessageReader(_stream) { Seal = session?.Incoming };
        Session = session;
        Socket socket = stream.Socket;
        socket.NoDelay = true;
        Remote = RemoteOf(socket)!;
        LocalAddress = Unmapped(((IPEndPoint)socket.LocalEndPoint!).Address);
    }

    /// <summary>The other side, for people and for later connections.</summary>
    public IPEndPoint Remote { get; }

    public IPAddress RemoteAddress => Remote.Address;

    public IPAddress LocalAddress { get; }

    /// <summary>What the two sides proved to each other with a token, or null where they have none.</summary>
    public Session? Session { get; }

    public override bool HasLeft => _leftHere && _leftThere;

    public override bool HasAborted => _aborted;

    public override bool IsClosing => _closing;

    public override bool HasEnded => _incoming.Reader.Completion.IsCompleted;

    // A queue that nobody empties keeps what comes from being read: that is this side's doing.
    public override TimeSpan Silence => _leftThere || _queueFull ? TimeSpan.Zero : _reader.Silence;

    public override bool HasMessage => _incoming.Reader.TryPeek(out _);

    public override void Post(Message message)
    {
        lock (_outgoing)
        {
            if (_closing || (message.Type == MessageType.Heartbeat && _leftHere)) return;
            if (message.Type == MessageType.Leave) _leftHere = true;
            if (_isSending || message.SizeWith(Session?.Outgoing) > ShortSize) _outgoing.Enqueue(message);
            else if (SentAtOnce(message)) return;
            if (_isSending) return;
            _isSending = true;
        }

        // On this thread as far as the kernel takes it: with thousands of clients, handing each to another costs more than sending.
        _ = SendQueuedAsync();
    }

    /// <summary>The next message of the handshake, before <see cref="Start"/>; <paramref name="cap"/> as for any message.</summary>
    public async ValueTask<Message> ReadHandshakeAsync(int cap, CancellationToken cancellation) =>
        await _reader.ReadAsync(cap, cancellation) ?? throw new EndOfStreamException();

    public override void Start(
        TimeSpan timeout, Action<Message> onHeartbeat, Action<Failure> onAbort, Action<Exception?> onEnd)
    {
        SocketLimits.Apply(_stream.Socket, timeout);
        _stream.ReadInline();
        _receiving = ReceiveAllAsync(onHeartbeat, onAbort, onEnd);
    }

    public override bool TryTake(Deadline deadline, CancellationToken cancellation, out Message message)
    {
        while (!_incoming.Reader.TryRead(out message))
        {
            Task<bool> ready = _incoming.Reader.WaitToReadAsync(cancellation).AsTask();
            bool inTime = Task.WaitAny([ready], (int)deadline.Remaining.TotalMilliseconds) == 0;
            if (!inTime || !ready.IsCompletedSuccessfully || !ready.Result) return _incoming.Reader.TryRead(out message);
        }

        return true;
    }

    public override async Task CloseAsync()
    {
        Task sent = Task.CompletedTask;
        lock (_outgoing)
        {
            _closing = true;
            if (_isSending) sent = (_sent ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        var limit = Deadline.After(Linger);
        try
        {
            await sent.WaitAsync(limit.Remaining);

            // Closed with bytes unread, the kernel would reset the connection, and what was just sent could be lost.
            if (!HasLeft)
            {
                _stream.Socket.Shutdown(SocketShutdown.Send);
                await (_receiving.IsCompleted ? DrainAsync(limit.Remaining) : _receiving.WaitAsync(limit.Remaining));
            }
        }
        catch (Exception e) when (IsEnd(e) || e is TimeoutException)
        {
            // The other side is gone, or does not listen: nothing more to be done for it.
        }

        Dispose();
    }

    public void Dispose()
    {
        _closing = true;
        _closed.Cancel();
        _stream.Dispose();
    }

    /// <summary>True for what an operation on a connection throws when the connection is no more.</summary>
    public static bool IsEnd(Exception e) =>
        e is IOException or SocketException or ObjectDisposedException or OperationCanceledException;

    /// <summary>The address as people know it, where a socket of both families has it as one of IPv6.</summary>
    private static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The other side as people know it, or null where the socket does not tell.</summary>
    public static IPEndPoint? RemoteOf(Socket socket) =>
        socket.RemoteEndPoint is IPEndPoint remote ? new IPEndPoint(Unmapped(remote.Address), remote.Port) : null;

    /// <summary>Sends a short message; where the kernel does not take all of it, the rest is left to <see cref="SendQueuedAsync"/>.</summary>
    private bool SentAtOnce(Message message)
    {
        Span<byte> frame = stackalloc byte[ShortSize];
        frame = frame[..message.Write(frame, Session?.Outgoing)];
        try
        {
            int sent = _stream.TrySend(frame);
            if (sent == frame.Length) return true;
            _rest = frame[sent..].ToArray();
            return false;
        }
        catch (Exception e) when (IsEnd(e))
        {
            return true; // The receiving loop sees the same end, and says so.
        }
    }

    private async Task SendQueuedAsync()
    {
        byte[] frame = ArrayPool<byte>.Shared.Rent(FrameSize);
        try
        {
            if (_rest is { } rest) await _stream.WriteAsync(rest, _closed.Token);
            _rest = null;
            while (NextToSend() is { } message) await SendAsync(message, frame);
        }
        catch (Exception e) when (IsEnd(e))
        {
            // The receiving loop sees the same end, and says so.
            lock (_outgoing) _outgoing.Clear();
            NextToSend();
        }

        ArrayPool<byte>.Shared.Return(frame);
    }

    /// <summary>Null where there is nothing more to send, for now.</summary>
    private Message? NextToSend()
    {
        lock (_outgoing)
        {
            if (_outgoing.TryDequeue(out Message message)) return message;
            _isSending = false;
            _sent?.TrySetResult();
            return null;
        }
    }

    private async ValueTask SendAsync(Message message, byte[] frame)
    {
        Seal? seal = Session?.Outgoing;

        // Small messages go out whole, in one segment.
        if (message.SizeWith(seal) <= frame.Length)
        {
            await _stream.WriteAsync(frame.AsMemory(0, message.Write(frame, seal)), _closed.Token);
            return;
        }

        int header = message.WriteHeader(frame);
        Memory<byte> tag = frame.AsMemory(header, seal is null ? 0 : Seal.Size);
        seal?.Make(frame.AsSpan(0, header), message.Payload.Span, tag.Span);
        await _stream.WriteAsync(frame.AsMemory(0, header), _closed.Token);
        await _stream.WriteAsync(message.Payload, _closed.Token);
        if (seal is not null) await _stream.WriteAsync(tag, _closed.Token);
    }

    private async Task ReceiveAllAsync(Action<Message> onHeartbeat, Action<Failure> onAbort, Action<Exception?> onEnd)
    {
        Exception? end = null;
        try
        {
            // Closing ends a read as well, and costs nothing before.
            while (await _reader.ReadAsync(Message.LargestCap, CancellationToken.None) is { } message)
            {
                if (message.Type == MessageType.Heartbeat)
                {
                    onHeartbeat(message);
                    continue;
                }

                if (message.Type == MessageType.Abort)
                {
                    Failure failure = Payloads.Abort(message);
                    _aborted = true;
                    await Task.Run(() => onAbort(failure));
                    continue;
                }

                if (message.Type == MessageType.Leave) _leftThere = true;
                if (_incoming.Writer.TryWrite(message)) continue;
                _queueFull = true;
                await _incoming.Writer.WriteAsync(message, _closed.Token);
                _queueFull = false;
            }
        }
        catch (Exception e) when (IsEnd(e) || e is ProtocolException)
        {
            end = e;
        }

        await Task.Run(() => onEnd(end));
        _incoming.Writer.Complete();
    }

    private async Task DrainAsync(TimeSpan limit)
    {
        byte[] scrap = new byte[4096];
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
        over.CancelAfter(limit);
        while (await _stream.ReadAsync(scrap, over.Token) > 0)
        {
        }
    }
}
