using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// A connection that a <see cref="Poller"/> watches. It never blocks: who reads, or writes what the kernel does not take yet, goes on
/// once the poller says so. One reader and one writer at a time.
/// </summary>
internal sealed class PolledStream : Stream, IValueTaskSource<int>
{
    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly Poller _poller;
    private ManualResetValueTaskSourceCore<int> _read = new() { RunContinuationsAsynchronously = true };
    private Memory<byte> _wanted;
    private bool _isWanted;
    private bool _hasBytes = true;
    private bool _hasEnded;
    private TaskCompletionSource? _room;
    private bool _disposed;

    /// <summary>Takes over <paramref name="socket"/>, which is connected.</summary>
    /// <exception cref="SocketException">The system watches too many already; the socket is left open.</exception>
    public PolledStream(Socket socket, Poller poller)
    {
        socket.Blocking = false;
        (_socket, _descriptor, _poller) = (socket, (int)socket.Handle, poller);
        poller.Watch(_descriptor, this);
    }

    /// <summary>What it moves bytes over.</summary>
    public Socket Socket => _socket;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// From here on who reads goes on in the poller's thread, for which all connections wait: it must not block. Before, it goes on in
    /// a thread of the pool. To be called while nobody reads.
    /// </summary>
    public void ReadInline() => _read.RunContinuationsAsynchronously = false;

    /// <summary>Called by the poller: there is something to read; <paramref name="last"/>: and nothing will come after it.</summary>
    public void BytesCame(bool last)
    {
        int read;
        IOException? failure;
        lock (_gate)
        {
            _hasBytes = true;
            _hasEnded |= last;
            if (_disposed || !_isWanted || !TryReceive(_wanted.Span, out read, out failure)) return;
            _isWanted = false;
        }

        if (failure is null) _read.SetResult(read);
        else _read.SetException(failure);
    }

    /// <summary>Called by the poller: the kernel takes bytes again, or never more.</summary>
    public void RoomCame()
    {
        if (Volatile.Read(ref _room) is not null) Interlocked.Exchange(ref _room, null)?.TrySetResult();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> read = StartRead(buffer);
        return read.IsCompleted || !cancellationToken.CanBeCanceled ? read : ReadUntilAsync(read, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int sent = TrySend(buffer.Span);
        return sent == buffer.Length ? default : WriteRestAsync(buffer[sent..], cancellationToken);
    }

    /// <summary>Sends what the kernel takes at once, and returns how many bytes that was.</summary>
    /// <exception cref="IOException">The connection is no more.</exception>
    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        int sent = _socket.Send(bytes, SocketFlags.None, out SocketError error);
        if (error is not (SocketError.Success or SocketError.WouldBlock)) throw Ended(error);
        return error == SocketError.Success ? sent : 0;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            _poller.Forget(_descriptor);
            _socket.Dispose();
        }

        EndRead(new ObjectDisposedException(nameof(PolledStream)));
        RoomCame();
        base.Dispose(disposing);
    }

    private ValueTask<int> StartRead(Memory<byte> buffer)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_hasBytes && TryReceive(buffer.Span, out int read, out IOException? failure))
                return failure is null ? new(read) : ValueTask.FromException<int>(failure);
            _read.Reset();
            _wanted = buffer;
            _isWanted = true;
            return new(this, _read.Version);
        }
    }

    private async ValueTask<int> ReadUntilAsync(ValueTask<int> read, CancellationToken cancellation)
    {
        using (cancellation.UnsafeRegister(static (stream, token) => ((PolledStream)stream!).EndRead(new OperationCanceledException(token)), this))
            return await read;
    }

    private void EndRead(Exception why)
    {
        lock (_gate)
        {
            if (!_isWanted) return;
            _isWanted = false;
        }

        _read.SetException(why);
    }

    private async ValueTask WriteRestAsync(ReadOnlyMemory<byte> rest, CancellationToken cancellation)
    {
        while (!rest.IsEmpty)
        {
            // First, so that room that comes between the try and the wait ends the wait.
            var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _room, room);
            int sent = TrySend(rest.Span);
            rest = rest[sent..];
            if (sent == 0) await room.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>False where there was nothing: the poller says when there is. 0 bytes are the end.</summary>
    private bool TryReceive(Span<byte> buffer, out int read, out IOException? failure)
    {
        failure = null;
        read = _socket.Receive(buffer, SocketFlags.None, out SocketError error);

        // Fewer than there is room for: that was all, until the poller speaks again. Of the end it speaks once.
        _hasBytes = _hasEnded || (error == SocketError.Success && read == buffer.Length);
        if (error == SocketError.WouldBlock) return false;
        if (error != SocketError.Success) failure = Ended(error);
        return true;
    }

    private static IOException Ended(SocketError error)
    {
        var cause = new SocketException((int)error);
        return new IOException(cause.Message, cause);
    }
}
