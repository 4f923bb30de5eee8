using System.Runtime.InteropServices;
using Nperf.Core.Benchmarking;
using Nperf.Core.Liveness;

namespace Nperf.Core.Host;

/// <summary>
/// Buffers in memory of the processor's. They are the communicator's and go with it: where a run is given up, another rank may
/// still be copying from them when this one is through.
/// </summary>
internal abstract unsafe class HostBuffers(long sendBytes, long receiveBytes) : RankBuffers(sendBytes, receiveBytes)
{
    /// <summary>Where a buffer begins, and what it has at least.</summary>
    protected const nuint PageSize = 4096;

    /// <summary>Memory that is touched between two signs of life.</summary>
    private const nuint Piece = 16 << 20;

    /// <summary>Nothing to do before <see cref="Free"/>.</summary>
    public sealed override void Dispose() { }

    /// <summary>Gives the memory back: no rank of this process has an operation under way.</summary>
    public abstract void Free();

    /// <summary>Bytes of whole pages for a buffer.</summary>
    protected static nuint Whole(long bytes) => Math.Max(PageSize, ((nuint)bytes + PageSize - 1) / PageSize * PageSize);

    /// <summary>Touches every page, so that none is touched first while a clock runs.</summary>
    protected static void Touch(byte* memory, nuint bytes, RankMark mark)
    {
        for (nuint done = 0; done < bytes; done += Piece)
        {
            NativeMemory.Clear(memory + done, Math.Min(Piece, bytes - done));
            mark.Move();
        }
    }
}
