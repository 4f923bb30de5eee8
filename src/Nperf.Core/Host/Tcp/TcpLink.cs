using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Nperf.Core.Host.Tcp;

/// <summary>A link over one TCP connection. The socket never blocks and has never seen an asynchronous call.</summary>
internal sealed unsafe class TcpLink : Link
{
    /// <summary>What one system call moves at most: the other direction waits no longer than that.</summary>
    private const int ChunkBytes = 512 * 1024;

    /// <summary>A system call takes about a microsecond, a pause some tens of nanoseconds.</summary>
    private const int SystemCallPauses = 20;

    private const int ProtocolTcp = 6;
    private const int TcpCongestion = 13;

    private readonly Socket _socket;
    private byte* _staging;
    private nint _staged;

    /// <summary>Takes over a connected <paramref name="socket"/>.</summary>
    public TcpLink(Socket socket) : base(SystemCallPauses)
    {
        _socket = socket;
        socket.Blocking = false;
        socket.NoDelay = true;
    }

    /// <inheritdoc/>
    public override string Transport => "tcp";

    /// <summary>The name of its congestion control, for example <c>cubic</c> (TCP_CONGESTION, tcp(7)).</summary>
    public string CongestionControl
    {
        get
        {
            Span<byte> name = stackalloc byte[16];
            int length = _socket.GetRawSocketOption(ProtocolTcp, TcpCongestion, name);
            return Encoding.ASCII.GetString(name[..length]).TrimEnd('\0');
        }
    }

    /// <inheritdoc/>
    public override nint TrySend(byte* source, nint bytes)
    {
        var chunk = new ReadOnlySpan<byte>(source, (int)Math.Min(bytes, ChunkBytes));
        int sent = _socket.Send(chunk, SocketFlags.None, out SocketError error);
        return error == SocketError.Success ? sent : NothingOrClosed(error);
    }

    /// <inheritdoc/>
    public override nint TryReceive(byte* destination, nint bytes)
    {
        int received = _socket.Receive(
            new Span<byte>(destination, (int)Math.Min(bytes, ChunkBytes)), SocketFlags.None, out SocketError error);
        if (error != SocketError.Success) return NothingOrClosed(error);
        return received > 0 ? received : Closed;
    }

    /// <inheritdoc/>
    public override nint TryReceiveReduce(byte* destination, byte* operand, nint bytes, in ReductionKernel kernel)
    {
        if (_staging is null) _staging = (byte*)NativeMemory.AlignedAlloc(ChunkBytes, 128);
        nint received = TryReceive(_staging + _staged, Math.Min(bytes, ChunkBytes) - _staged);
        if (received <= 0) return received;

        // The staging buffer stays in the processor's cache between the two; what is left of an element waits at its front.
        nint there = _staged + received;
        nint whole = there / kernel.ElementSize * kernel.ElementSize;
        if (whole > 0) kernel.Combine(destination, operand, _staging, whole / kernel.ElementSize);
        _staged = there - whole;
        for (nint i = 0; i < _staged; i++) _staging[i] = _staging[whole + i];
        return whole;
    }

    /// <inheritdoc/>
    public override void AddTo(PollSet set, bool sends, bool receives)
    {
        int descriptor = (int)_socket.Handle;
        if (sends) set.AddWritable(descriptor);
        if (receives) set.AddReadable(descriptor);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _socket.Dispose();
        NativeMemory.AlignedFree(_staging);
        _staging = null;
    }

    private static nint NothingOrClosed(SocketError error) =>
        error is SocketError.WouldBlock or SocketError.Interrupted or SocketError.NoBufferSpaceAvailable ? 0 : Closed;
}
