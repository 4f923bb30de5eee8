using Nperf.Core.Data;
using Nperf.Core.Tests.Machine;
using Nperf.Core.Verification;
using Nperf.Native;
using Nperf.Testing;

namespace Nperf.Core.Tests.Verification;

/// <summary>The kernels of pattern.cu, compiled for the processor and run there on ordinary memory.</summary>
public sealed unsafe class HostKernels : IDisposable
{
    /// <summary>Source that has the kernels and nperf_host_launch, for a library of C.</summary>
    public static string Source =>
        $"#define NPERF_HOST\n#include \"{Path.Combine(Checkout.Folder, "src/Nperf.Core/Gpu/Kernels/pattern.cu")}\"\n";

    private StandInLibrary? _library;
    private delegate* unmanaged<byte*, uint, uint, void**, int> _launch;

    public void Dispose() => _library?.Dispose();

    /// <summary>Fills <paramref name="to"/> with the pattern from place <paramref name="start"/> on.</summary>
    internal void Fill(
        byte* to, long count, DataType type, PatternValues values, int source, long seed, int start,
        uint blocks, uint threads)
    {
        byte[] table = Table(type, values, source, seed);
        fixed (byte* x = PositionSequence.Elements, bits = table)
        {
            byte* places = x, tableStart = bits;
            uint first = (uint)start;
            void** parameters = stackalloc void*[] { &to, &count, &places, &tableStart, &first };
            Run("nperf_fill_", type, blocks, threads, parameters);
        }
    }

    /// <summary>Checks it, with indices from <paramref name="indexBase"/> on; adds to the result.</summary>
    internal (ulong Wrong, ulong First) Check(
        byte* found, long count, DataType type, PatternValues values, int source, long seed, int start,
        ulong indexBase, double tolerance, uint blocks, uint threads)
    {
        byte[] table = Table(type, values, source, seed);
        ulong* result = stackalloc ulong[] { 0, ulong.MaxValue };
        fixed (byte* x = PositionSequence.Elements, bits = table)
        {
            byte* places = x, tableStart = bits;
            uint first = (uint)start;
            int number = (int)type;
            void** parameters = stackalloc void*[]
            {
                &found, &count, &places, &tableStart, &first, &indexBase, &number, &tolerance, &result,
            };
            Run("nperf_check_", type, blocks, threads, parameters);
        }

        return (result[0], result[1]);
    }

    private void Run(string name, DataType type, uint blocks, uint threads, void** parameters)
    {
        if (_library is null)
        {
            _library = new StandInLibrary(Source);
            _launch = (delegate* unmanaged<byte*, uint, uint, void**, int>)DynamicLibrary.Open(_library.Path)
                .Symbol("nperf_host_launch");
        }

        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes($"{name}{type.Size()}\0"))
            Assert.Equal(0, _launch(text, blocks, threads, parameters));
    }

    private static byte[] Table(DataType type, PatternValues values, int source, long seed) =>
    [
        .. Enumerable.Range(0, PositionSequence.Values).SelectMany(x => BitConverter.GetBytes(
            values.Bits(source, (int)((x + seed) % PositionSequence.Values))).Take(type.Size())),
    ];
}
