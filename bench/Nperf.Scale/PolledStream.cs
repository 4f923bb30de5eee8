using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Nperf.Scale;

/// <summary>A connection that a <see cref="Poller"/> watches: who reads goes on in the poller's thread. One reader at a time.</summary>
internal sealed class PolledStream : Stream, IValueTaskSource<int>
{
    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private ManualResetValueTaskSourceCore<int> _read;
    private Memory<byte> _wanted;
    private bool _isWanted;
    private bool _hasBytes;

    /// <summary>Connects to <paramref name="server"/>; blocks meanwhile.</summary>
    public PolledStream(IPEndPoint server, Poller poller)
    {
        _socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(server);
        _socket.Blocking = false;
        poller.Watch(this);
    }

    /// <summary>The connection's descriptor.</summary>
    public int Descriptor => (int)_socket.Handle;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Called by the poller.</summary>
    public void BytesCame()
    {
        int read;
        lock (_gate)
        {
            _hasBytes = true;
            if (!_isWanted || !TryReceive(_wanted.Span, out read)) return;
            _isWanted = false;
        }

        _read.SetResult(read);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_hasBytes && TryReceive(buffer.Span, out int read)) return new(read);
            _read.Reset();
            _wanted = buffer;
            _isWanted = true;
            return new(this, _read.Version);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        // A client sends so little that the kernel always has room for it.
        int sent = _socket.Send(buffer);
        if (sent < buffer.Length) throw new IOException($"sent {sent} of {buffer.Length} bytes");
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return default;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _socket.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>False where there was nothing: the poller says when there is. 0 bytes are the end, or a failure.</summary>
    private bool TryReceive(Span<byte> buffer, out int read)
    {
        read = _socket.Receive(buffer, SocketFlags.None, out SocketError error);

        // Fewer than there is room for: that was all.
        _hasBytes = error == SocketError.Success && read == buffer.Length;
        if (error is not (SocketError.Success or SocketError.WouldBlock)) read = 0;
        return error != SocketError.WouldBlock;
    }
}
