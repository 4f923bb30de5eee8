using System.Runtime.InteropServices;

namespace Nperf.Core.Tests.Algorithms;

/// <summary>Native memory that notices a write before its beginning or after its end. Of 0 bytes it is null.</summary>
internal sealed unsafe class GuardedBuffer : IDisposable
{
    private const int Guard = 64;
    private const byte Untouched = 0xA5;

    private readonly byte* _memory;
    private readonly int _bytes;

    public GuardedBuffer(long bytes)
    {
        _bytes = checked((int)bytes);
        if (_bytes == 0) return;
        _memory = (byte*)NativeMemory.AlignedAlloc((nuint)_bytes + 2 * Guard, Guard);
        new Span<byte>(_memory, _bytes + 2 * Guard).Fill(Untouched);
    }

    public byte* Data => _bytes == 0 ? null : _memory + Guard;

    public Span<byte> Bytes => new(Data, _bytes);

    public bool GuardsAreWhole =>
        _bytes == 0
        || !new Span<byte>(_memory, Guard).ContainsAnyExcept(Untouched)
        && !new Span<byte>(_memory + Guard + _bytes, Guard).ContainsAnyExcept(Untouched);

    public void Dispose() => NativeMemory.AlignedFree(_memory);
}
