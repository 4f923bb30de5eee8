using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// A connection that the <see cref="SocketPoller"/> watches: a server of thousands pays a receive for a message, and no more.
/// One reads at a time, one writes.
/// </summary>
internal sealed class PolledStream : Stream, IValueTaskSource<int>
{
    private readonly Lock _gate = new();
    private readonly Socket _socket;
    private ManualResetValueTaskSourceCore<int> _read = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private Memory<byte> _wanted;
    private bool _isWanted, _hasBytes, _nearsItsEnd, _isClosed;

    /// <param name="socket">Connected, and never read by anything else: .NET's own waiting for it would cost as much again.</param>
    public PolledStream(Socket socket)
    {
        _socket = socket;
        Descriptor = (int)socket.Handle;
        socket.Blocking = false;
        SocketPoller.Watch(this);
    }

    /// <summary>The socket's.</summary>
    public int Descriptor { get; }

    /// <summary>
    /// Whether who reads goes on in the poller's thread, which hears nothing else meanwhile, rather than in one of the pool.
    /// To be changed by who reads.
    /// </summary>
    public bool GoesOnInPoller
    {
        get => !_read.RunContinuationsAsynchronously;
        set => _read.RunContinuationsAsynchronously = !value;
    }

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
    /// <param name="nearsItsEnd">The other side has ended its sending, or the connection is gone: what is to be read ends soon.</param>
    public void BytesCame(bool nearsItsEnd)
    {
        int read;
        Exception? failure;
        lock (_gate)
        {
            _hasBytes = true;
            _nearsItsEnd |= nearsItsEnd;
            if (!_isWanted || !TryReceive(_wanted.Span, out read, out failure)) return;
            Answered();
        }

        if (failure is null) _read.SetResult(read);
        else _read.SetException(failure);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            cancellationToken.ThrowIfCancellationRequested();
            if (_hasBytes && TryReceive(buffer.Span, out int read, out Exception? failure))
                return failure is null ? new(read) : ValueTask.FromException<int>(failure);
            _read.Reset();
            _wanted = buffer;
            _isWanted = true;
        }

        // Outside the gate: where it is cancelled already, this thread is the one that ends the wait.
        short version = _read.Version;
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (stream, token) => ((PolledStream)stream!).GiveUp(new OperationCanceledException(token)), this);
        lock (_gate)
        {
            if (_isWanted && version == _read.Version) _cancellation = registration;
            else registration.Unregister();
        }

        return new(this, version);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> sending = _socket.SendAsync(buffer, SocketFlags.None, cancellationToken);
        if (!sending.IsCompletedSuccessfully) return WriteRestAsync(sending, buffer, cancellationToken);
        int sent = sending.Result;
        return sent == buffer.Length ? default : WriteRestAsync(new(sent), buffer, cancellationToken);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Before its descriptor can be another's.
            SocketPoller.Forget(this);
            lock (_gate) _isClosed = true;
            _socket.Dispose();
            GiveUp(new ObjectDisposedException(nameof(PolledStream)));
        }

        base.Dispose(disposing);
    }

    private async ValueTask WriteRestAsync(ValueTask<int> sending, ReadOnlyMemory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            int sent = await sending;
            while (sent < buffer.Length) sent += await _socket.SendAsync(buffer[sent..], SocketFlags.None, cancellation);
        }
        catch (SocketException e)
        {
            throw Failed(e);
        }
    }

    private static IOException Failed(SocketException cause) => new(cause.Message, cause);

    private void GiveUp(Exception cause)
    {
        lock (_gate)
        {
            if (!_isWanted) return;
            Answered();
        }

        _read.SetException(cause);
    }

    private void Answered()
    {
        _isWanted = false;
        _wanted = default;
        _cancellation.Unregister();
        _cancellation = default;
    }

    /// <summary>False where there was nothing: the poller says when there is. Under the gate.</summary>
    private bool TryReceive(Span<byte> buffer, out int read, out Exception? failure)
    {
        (read, failure) = (0, null);
        if (_isClosed) return false;
        read = _socket.Receive(buffer, SocketFlags.None, out SocketError error);

        // Fewer than there is room for: that was all, unless the end is near, which the poller tells once.
        _hasBytes = _nearsItsEnd || (error == SocketError.Success && read == buffer.Length);
        if (error == SocketError.WouldBlock) return false;
        if (error != SocketError.Success) failure = Failed(new SocketException((int)error));
        return true;
    }
}
