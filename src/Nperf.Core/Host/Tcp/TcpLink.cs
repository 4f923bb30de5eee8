using System.Net.Sockets;
using System.Runtime.InteropServices;
using Nperf.Native;

namespace Nperf.Core.Host.Tcp;

/// <summary>
/// A link over TCP connections, its streams: one, or several that its bytes go over in turn, in blocks of
/// <see cref="BlockBytes"/> counted from the first byte on. So each end knows from its own position where the next byte goes
/// or comes from, and the kernel's buffers keep the streams flowing that are not at hand. The sockets never block and have
/// never seen an asynchronous call.
/// </summary>
internal sealed unsafe class TcpLink : Link
{
    /// <summary>Bytes that go over one of several streams before the next has its turn.</summary>
    public const int BlockBytes = 256 * 1024;

    /// <summary>
    /// What one system call sends at most: the other direction waits no longer than that. Each call costs as much as sending some
    /// tens of kilobytes.
    /// </summary>
    private const int SendBytes = 1024 * 1024;

    /// <summary>What one system call receives at most; what is to be combined stays in the processor's cache meanwhile.</summary>
    private const int ReceiveBytes = 512 * 1024;

    /// <summary>
    /// How long a rank leaves the socket alone that has nothing for it, in turns of <see cref="Thread.SpinWait"/>, of some 35
    /// nanoseconds each. Looking takes the socket's lock, which who delivers the data then waits for.
    /// </summary>
    private const int Rest = 16;

    /// <summary>What a look that finds nothing costs, with the rest after it, in pauses of the processor.</summary>
    private const int LookPauses = 60;

    /// <summary>The same without a rest.</summary>
    private const int ShortLookPauses = 20;

    private readonly Socket[] _sockets;
    private readonly int[] _handles;
    private readonly nint _blockBytes;
    private readonly bool _rests;
    private Turn _sending, _receiving;
    private byte* _staging;
    private nint _staged;

    /// <summary>Takes over connected <paramref name="sockets"/>, which both ends have in the same order.</summary>
    /// <param name="sockets">One or more.</param>
    /// <param name="rests">True where the rank spins when it waits: a rest after a look in vain keeps nobody from work then.</param>
    public TcpLink(Socket[] sockets, bool rests) : base(rests ? LookPauses : ShortLookPauses)
    {
        _rests = rests;
        foreach (Socket socket in sockets)
        {
            socket.Blocking = false;
            socket.NoDelay = true;
        }

        _sockets = sockets;
        _handles = [.. sockets.Select(socket => (int)socket.SafeHandle.DangerousGetHandle())];
        _blockBytes = sockets.Length == 1 ? nint.MaxValue : BlockBytes;
        _sending = _receiving = new Turn { Handle = _handles[0], Left = _blockBytes };
    }

    /// <inheritdoc/>
    public override string Transport => "tcp";

    /// <summary>The name of its congestion control, for example <c>cubic</c>.</summary>
    public string CongestionControl => Tcp.CongestionControl.Of(_sockets[0]);

    /// <inheritdoc/>
    public override nint TrySend(byte* source, nint bytes)
    {
        nint sent = LibC.Send(_sending.Handle, source, Math.Min(Math.Min(bytes, SendBytes), _sending.Left));
        if (sent < 0) return NothingOrClosed();
        if ((_sending.Left -= sent) == 0) Next(ref _sending);
        return sent;
    }

    /// <inheritdoc/>
    public override nint TryReceive(byte* destination, nint bytes)
    {
        nint received = LibC.Receive(_receiving.Handle, destination, Math.Min(Math.Min(bytes, ReceiveBytes), _receiving.Left));
        if (received <= 0) return received == 0 ? Closed : RestOrClosed();
        if ((_receiving.Left -= received) == 0) Next(ref _receiving);
        return received;
    }

    /// <inheritdoc/>
    public override nint TryReceiveReduce(byte* destination, byte* operand, nint bytes, in ReductionKernel kernel)
    {
        if (_staging is null) _staging = (byte*)NativeMemory.AlignedAlloc(ReceiveBytes, 128);
        nint received = TryReceive(_staging + _staged, Math.Min(bytes, ReceiveBytes) - _staged);
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
        if (sends) set.AddWritable(_sending.Handle);
        if (receives) set.AddReadable(_receiving.Handle);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (Socket socket in _sockets) socket.Dispose();
        NativeMemory.AlignedFree(_staging);
        _staging = null;
    }

    private static nint NothingOrClosed() =>
        Marshal.GetLastPInvokeError() is LibC.TryAgain or LibC.Interrupted or LibC.NoBuffers ? 0 : Closed;

    private nint RestOrClosed()
    {
        nint result = NothingOrClosed();
        if (result == 0 && _rests) Thread.SpinWait(Rest);
        return result;
    }

    private void Next(ref Turn turn)
    {
        if (++turn.Stream == _handles.Length) turn.Stream = 0;
        turn.Handle = _handles[turn.Stream];
        turn.Left = _blockBytes;
    }

    /// <summary>The stream whose turn it is in one direction.</summary>
    private struct Turn
    {
        public int Stream;
        public int Handle;

        /// <summary>Bytes until the next has its turn.</summary>
        public nint Left;
    }
}
