using System.Runtime.InteropServices;
using Nperf.Core.Benchmarking;
using Nperf.Core.Liveness;

namespace Nperf.Core.Host;

/// <summary>Buffers in the process's own memory.</summary>
internal sealed unsafe class HostBuffers : RankBuffers
{
    private const nuint PageSize = 4096;

    /// <summary>Memory that is touched between two signs of life.</summary>
    private const nuint Piece = 16 << 20;

    private byte* _send, _receive;

    public HostBuffers(long sendBytes, long receiveBytes, RankMark mark) : base(sendBytes, receiveBytes)
    {
        _send = Allocate(sendBytes, mark);
        _receive = Allocate(receiveBytes, mark);
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
    private static byte* Allocate(long bytes, RankMark mark)
    {
        nuint whole = Math.Max(PageSize, (nuint)bytes);
        byte* memory = (byte*)NativeMemory.AlignedAlloc(whole, PageSize);
        for (nuint done = 0; done < whole; done += Piece)
        {
            NativeMemory.Clear(memory + done, Math.Min(Piece, whole - done));
            mark.Move();
        }

        return memory;
    }
}
