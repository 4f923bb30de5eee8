using System.Runtime.InteropServices;
using Nperf.Core.Data;
using Nperf.Native;

namespace Nperf.Core.Verification;

/// <summary>
/// The test pattern's kernels (<c>Kernels/pattern.cu</c>) on one GPU, with the memory they need there. One for each GPU
/// and process, used by the GPU's thread with its context current, on one stream.
/// </summary>
internal sealed unsafe class GpuKernels : IDisposable
{
    private const int ThreadsPerBlock = 256;
    private const int VectorBytes = 16;

    /// <summary>
    /// Threads that keep a multiprocessor's share of the memory busy, with four accesses of 16 bytes each under way.
    /// </summary>
    private const long ThreadsPerMultiprocessor = 1024;

    private readonly nint _module;
    private readonly nint _places;
    private readonly nint _result;
    private readonly nint[] _fill = new nint[4];
    private readonly nint[] _check = new nint[4];
    private readonly long _mostBlocks;

    private nint _tables;
    private long _tablesBytes;

    /// <summary>Loads the kernels; the driver compiles them for the GPU, which takes 50 ms the first time.</summary>
    /// <param name="cuda">The driver.</param>
    /// <param name="device">The GPU, whose context is current to the thread.</param>
    /// <exception cref="LibraryException">The driver cannot compile or hold them.</exception>
    public GpuKernels(Cuda cuda, int device)
    {
        Cuda = cuda;
        _module = cuda.LoadModule(Ptx());
        for (int i = 0; i < _fill.Length; i++)
        {
            _fill[i] = cuda.Function(_module, $"nperf_fill_{1 << i}");
            _check[i] = cuda.Function(_module, $"nperf_check_{1 << i}");
        }

        _places = cuda.Allocate(PositionSequence.Length);
        cuda.CopyToDevice(_places, PositionSequence.Elements);
        _result = cuda.Allocate(sizeof(GpuCheckResult));
        // A kernel's threads divide into rounds of the pattern; what is left over beyond the last has nothing to do.
        long threads = cuda.Attribute(device, Cuda.MultiprocessorCount) * ThreadsPerMultiprocessor;
        long rounds = Math.Max(1, threads / PositionSequence.Length);
        _mostBlocks = Blocks(rounds * PositionSequence.Length);
    }

    /// <summary>The driver.</summary>
    public Cuda Cuda { get; }

    /// <summary>Whose the memory of <see cref="TakeTables"/> is.</summary>
    public object? TablesOwner { get; private set; }

    /// <summary>
    /// Memory on the GPU for the tables of <paramref name="owner"/>, until the next owner takes it. The GPU must be
    /// done with the one before.
    /// </summary>
    public nint TakeTables(object owner, long bytes)
    {
        TablesOwner = null;
        if (_tablesBytes < bytes)
        {
            if (_tables != 0) Cuda.Free(_tables);
            (_tables, _tablesBytes) = (0, 0);
            (_tables, _tablesBytes) = (Cuda.Allocate(bytes), bytes);
        }

        TablesOwner = owner;
        return _tables;
    }

    /// <summary>Enqueues a fill.</summary>
    /// <param name="to">Memory of the GPU, aligned to an element.</param>
    /// <param name="count">Elements, at least 1.</param>
    /// <param name="size">The size of an element, bytes.</param>
    /// <param name="table">On the GPU: an element for each value of the <see cref="PositionSequence"/>.</param>
    /// <param name="start">The first element's place in that sequence.</param>
    /// <param name="stream">The stream.</param>
    public void Fill(nint to, long count, int size, nint table, int start, nint stream)
    {
        nint places = _places;
        void** parameters = stackalloc void*[] { &to, &count, &places, &table, &start };
        Cuda.Launch(_fill[int.Log2(size)], BlocksFor(count, size), ThreadsPerBlock, stream, parameters);
    }

    /// <summary>Enqueues forgetting what checks found.</summary>
    public void ClearResult(nint stream)
    {
        Cuda.Fill(_result, 0, sizeof(ulong), stream);
        Cuda.Fill(_result + sizeof(ulong), 0xFF, sizeof(ulong), stream);
    }

    /// <summary>Enqueues a check, which adds to what others found. The first parameters are those of a fill.</summary>
    /// <param name="found">Memory of the GPU, aligned to an element.</param>
    /// <param name="count">Elements, at least 1.</param>
    /// <param name="type">Their type.</param>
    /// <param name="table">As for a fill.</param>
    /// <param name="start">As for a fill.</param>
    /// <param name="indexBase">The index of the first element.</param>
    /// <param name="tolerance">That of <see cref="BufferPattern.Check"/>.</param>
    /// <param name="stream">The stream.</param>
    public void Check(
        nint found, long count, DataType type, nint table, int start, long indexBase, double tolerance, nint stream)
    {
        nint places = _places, result = _result;
        int number = (int)type, size = type.Size();
        void** parameters = stackalloc void*[]
        {
            &found, &count, &places, &table, &start, &indexBase, &number, &tolerance, &result,
        };
        Cuda.Launch(_check[int.Log2(size)], BlocksFor(count, size), ThreadsPerBlock, stream, parameters);
    }

    /// <summary>Waits for the stream and reads what its checks found.</summary>
    public GpuCheckResult Result(nint stream)
    {
        Cuda.Synchronize(stream);
        GpuCheckResult result = default;
        Cuda.CopyToHost(MemoryMarshal.AsBytes(new Span<GpuCheckResult>(ref result)), _result);
        return result;
    }

    public void Dispose()
    {
        if (_tables != 0) Cuda.Free(_tables);
        Cuda.Free(_result);
        Cuda.Free(_places);
        Cuda.UnloadModule(_module);
    }

    private uint BlocksFor(long count, int size) =>
        (uint)Math.Clamp(Blocks(count / (VectorBytes / size)), 1, _mostBlocks);

    private static long Blocks(long threads) => (threads + ThreadsPerBlock - 1) / ThreadsPerBlock;

    /// <summary>The kernels for the driver: text that ends with a zero.</summary>
    private static byte[] Ptx()
    {
        using Stream text = typeof(GpuKernels).Assembly.GetManifestResourceStream("pattern.ptx")
            ?? throw new InvalidOperationException("the kernels are missing in the program");
        byte[] image = new byte[text.Length + 1];
        text.ReadExactly(image.AsSpan(..^1));
        return image;
    }
}
