namespace Nperf.Native;

// Memory of the GPU that is current to the calling thread.
internal sealed unsafe partial class Cuda
{
    private delegate* unmanaged<nuint*, nuint*, int> _memGetInfo;
    private delegate* unmanaged<nint*, nuint, int> _memAlloc;
    private delegate* unmanaged<nint, int> _memFree;
    private delegate* unmanaged<nint, byte, nuint, nint, int> _memsetD8Async;
    private delegate* unmanaged<nint, byte*, nuint, int> _memcpyHtoD;
    private delegate* unmanaged<byte*, nint, nuint, int> _memcpyDtoH;
    private delegate* unmanaged<nint, nint, nuint, nint, int> _memcpyDtoDAsync;

    /// <summary>Bytes that could still be had, and bytes in all.</summary>
    public (long Free, long Total) MemoryInfo()
    {
        nuint free, total;
        Check(_memGetInfo(&free, &total), "cuMemGetInfo_v2");
        return (checked((long)free), checked((long)total));
    }

    /// <summary>New memory of <paramref name="bytes"/>, more than 0, aligned to 256 at least.</summary>
    public nint Allocate(long bytes)
    {
        nint address;
        Check(_memAlloc(&address, checked((nuint)bytes)), "cuMemAlloc_v2");
        return address;
    }

    /// <summary>Gives back what <see cref="Allocate"/> gave, once the GPU is done with it.</summary>
    public void Free(nint address) => Check(_memFree(address), "cuMemFree_v2");

    /// <summary>Enqueues setting each of <paramref name="bytes"/> to <paramref name="value"/>.</summary>
    public void Fill(nint to, byte value, long bytes, nint stream) =>
        Check(_memsetD8Async(to, value, (nuint)bytes, stream), "cuMemsetD8Async");

    /// <summary>Copies to the GPU, outside all streams made here; the bytes are there when it returns.</summary>
    public void CopyToDevice(nint to, ReadOnlySpan<byte> from)
    {
        fixed (byte* source = from) Check(_memcpyHtoD(to, source, (nuint)from.Length), "cuMemcpyHtoD_v2");
        // The driver may return with the last bytes staged but not there yet, and streams made here do not wait for them.
        Synchronize(0);
    }

    /// <summary>Copies from the GPU, outside all streams made here, so synchronise with the one that writes.</summary>
    public void CopyToHost(Span<byte> to, nint from)
    {
        fixed (byte* target = to) Check(_memcpyDtoH(target, from, (nuint)to.Length), "cuMemcpyDtoH_v2");
    }

    /// <summary>Enqueues a copy within the GPU, or between GPUs where they may.</summary>
    public void CopyAsync(nint to, nint from, long bytes, nint stream) =>
        Check(_memcpyDtoDAsync(to, from, (nuint)bytes, stream), "cuMemcpyDtoDAsync_v2");

    private void RequireMemory()
    {
        _memGetInfo = (delegate* unmanaged<nuint*, nuint*, int>)_library.Symbol("cuMemGetInfo_v2");
        _memAlloc = (delegate* unmanaged<nint*, nuint, int>)_library.Symbol("cuMemAlloc_v2");
        _memFree = (delegate* unmanaged<nint, int>)_library.Symbol("cuMemFree_v2");
        _memsetD8Async = (delegate* unmanaged<nint, byte, nuint, nint, int>)_library.Symbol("cuMemsetD8Async");
        _memcpyHtoD = (delegate* unmanaged<nint, byte*, nuint, int>)_library.Symbol("cuMemcpyHtoD_v2");
        _memcpyDtoH = (delegate* unmanaged<byte*, nint, nuint, int>)_library.Symbol("cuMemcpyDtoH_v2");
        _memcpyDtoDAsync =
            (delegate* unmanaged<nint, nint, nuint, nint, int>)_library.Symbol("cuMemcpyDtoDAsync_v2");
    }
}
