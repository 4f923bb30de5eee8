namespace Nperf.Fuzz;

/// <summary>
/// An end of a connection in memory, for one thread. What comes through differs from what was written by the bytes of
/// an input, and ends with it.
/// </summary>
internal sealed class Wire : Stream
{
    private readonly ReadOnlyMemory<byte>? _differences;
    private readonly MemoryStream _incoming = new();
    private Wire _other = null!;
    private int _read, _arrived;
    private bool _ended;
    private (TaskCompletionSource<int> Came, Memory<byte> Into)? _reader;

    private Wire(ReadOnlyMemory<byte>? differences) => _differences = differences;

    /// <summary>Both ends. Nothing differs where the differences are null.</summary>
    public static (Wire Left, Wire Right) Pair(ReadOnlyMemory<byte>? ofRight, ReadOnlyMemory<byte>? ofLeft)
    {
        Wire left = new(ofLeft), right = new(ofRight);
        (left._other, right._other) = (right, left);
        return (left, right);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Nothing more comes here.</summary>
    public void End()
    {
        _ended = true;
        Deliver();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _other.Arrive(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _reader = (new TaskCompletionSource<int>(), buffer);
        Task<int> task = _reader.Value.Came.Task;
        Deliver();
        return new ValueTask<int>(task);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Arrive(ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
        {
            if (_differences is { } differences && _arrived >= differences.Length) break;
            _incoming.WriteByte(_differences is { } by ? (byte)(one ^ by.Span[_arrived]) : one);
            _arrived++;
        }

        if (_differences is { } all && _arrived >= all.Length) _ended = true;
        Deliver();
    }

    private void Deliver()
    {
        if (_reader is not var (came, into)) return;
        int bytes = Math.Min(into.Length, (int)_incoming.Length - _read);
        if (bytes == 0 && !_ended && into.Length > 0) return;
        _incoming.GetBuffer().AsSpan(_read, bytes).CopyTo(into.Span);
        _read += bytes;
        _reader = null;
        came.SetResult(bytes);
    }
}
