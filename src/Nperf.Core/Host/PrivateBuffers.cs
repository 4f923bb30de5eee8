using System.Runtime.InteropServices;
using Nperf.Core.Liveness;

namespace Nperf.Core.Host;

/// <summary>Buffers in the process's own memory.</summary>
internal sealed unsafe class PrivateBuffers : HostBuffers
{
    private byte* _send, _receive;

    /// <summary>Buffers of so many bytes; <paramref name="mark"/> shows that it goes on.</summary>
    public PrivateBuffers(long sendBytes, long receiveBytes, RankMark mark) : base(sendBytes, receiveBytes)
    {
        _send = Allocate(sendBytes, mark);
        _receive = Allocate(receiveBytes, mark);
    }

    /// <inheritdoc/>
    public override nint Send => (nint)_send;

    /// <inheritdoc/>
    public override nint Receive => (nint)_receive;

    /// <inheritdoc/>
    public override void Free()
    {
        NativeMemory.AlignedFree(_send);
        NativeMemory.AlignedFree(_receive);
        _send = _receive = null;
    }

    private static byte* Allocate(long bytes, RankMark mark)
    {
        nuint whole = Whole(bytes);
        byte* memory = (byte*)NativeMemory.AlignedAlloc(whole, PageSize);
        Touch(memory, whole, mark);
        return memory;
    }
}
