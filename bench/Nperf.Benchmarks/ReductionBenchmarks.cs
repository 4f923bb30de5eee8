using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Verification;

namespace Nperf.Benchmarks;

/// <summary>
/// The sum of two buffers into a third, each of so many bytes: three of 16 KiB stay in the processor's own cache, of 64 MiB
/// in none.
/// </summary>
public unsafe class ReductionBenchmarks
{
    private const nuint Alignment = 4096;

    private byte* _left, _right, _result;
    private ReductionKernel _kernel;
    private nint _count;

    /// <summary>The type of the elements.</summary>
    [ParamsAllValues]
    public DataType Type { get; set; }

    /// <summary>The size of a buffer.</summary>
    [Params(16 << 10, 1 << 20, 64 << 20)]
    public int Bytes { get; set; }

    /// <summary>Values as a run has them: none is infinite, and none grows.</summary>
    [GlobalSetup]
    public void Fill()
    {
        var pattern = new TestPattern(new AllReduce(), Type, Reduction.Sum, worldSize: 2);
        _kernel = ReductionKernels.For(Type, Reduction.Sum);
        _count = Bytes / Type.Size();
        _left = Allocate();
        _right = Allocate();
        _result = Allocate();
        pattern.Fill((nint)_left, _count, rank: 0, seed: 1);
        pattern.Fill((nint)_right, _count, rank: 1, seed: 1);
        pattern.Poison((nint)_result, Bytes);
    }

    /// <summary>result = left + right.</summary>
    [Benchmark]
    public void Sum() => _kernel.Combine(_result, _left, _right, _count);

    /// <summary>Gives the buffers back.</summary>
    [GlobalCleanup]
    public void Free()
    {
        NativeMemory.AlignedFree(_left);
        NativeMemory.AlignedFree(_right);
        NativeMemory.AlignedFree(_result);
    }

    private byte* Allocate() => (byte*)NativeMemory.AlignedAlloc((nuint)Bytes, Alignment);
}
