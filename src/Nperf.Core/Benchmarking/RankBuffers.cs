using System.Runtime.InteropServices;

namespace Nperf.Core.Benchmarking;

/// <summary>
/// One rank's send and receive memory, allocated once for the largest size of a run. A small size takes many places in
/// it, one after the other, so that repeated iterations do not measure the cache (as nccl-tests does).
/// </summary>
internal sealed unsafe class RankBuffers : IDisposable
{
    private const nuint PageSize = 4096;

    private byte* _send, _receive;

    public RankBuffers(long sendBytes, long receiveBytes)
    {
        (SendBytes, ReceiveBytes) = (sendBytes, receiveBytes);
        _send = Allocate(sendBytes);
        _receive = Allocate(receiveBytes);
    }

    public long SendBytes { get; }

    public long ReceiveBytes { get; }

    public nint Send => (nint)_send;

    public nint Receive => (nint)_receive;

    public void Dispose()
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
