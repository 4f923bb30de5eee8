using System.Runtime.InteropServices;
using Nperf.Core.Benchmarking;

namespace Nperf.Core.Host;

/// <summary>Buffers in the process's own memory.</summary>
internal sealed unsafe class HostBuffers : RankBuffers
{
    private const nuint PageSize = 4096;

    private byte* _send, _receive;

    public HostBuffers(long sendBytes, long receiveBytes) : base(sendBytes, receiveBytes)
    {
        _send = Allocate(sendBytes);
        _receive = Allocate(receiveBytes);
    }

    public override nint Send => (nint)_send;

    public override nint Receive => (nint)_receive;

    public override void Dispose()
    {
        NativeMemory.AlignedFree(_send);
        NativeMemory.AlignedFree(_receive);
        _send = _receive = null;
    }

    /// <summary>Memory whose every page has been touched, so that none is touched first while a clock runs.</summary>
    private static byte* Allocate(long bytes)
    {
        nuint whole = Math.Max(PageSize, (nuint)bytes);
        byte* memory = (byte*)NativeMemory.AlignedAlloc(whole, PageSize);
        NativeMemory.Clear(memory, whole);
        return memory;
    }
}
