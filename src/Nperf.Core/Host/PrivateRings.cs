using System.Runtime.InteropServices;
using Nperf.Native;

namespace Nperf.Core.Host;

/// <summary>Rings among ranks of one process, in its own memory.</summary>
internal sealed unsafe class PrivateRings : RingBlock
{
    private readonly byte* _allocation;

    /// <summary>Rings among <paramref name="ranks"/>, which can be woken where <paramref name="wakes"/> says so.</summary>
    public PrivateRings(int[] ranks, nint capacity, bool wakes = false) : base(ranks, capacity)
    {
        // calloc: a block of this size comes straight from the system as zeros that are not touched here.
        _allocation = (byte*)NativeMemory.AllocZeroed((nuint)WithAlignment(BytesFor(ranks.Length, capacity, wakes)));
        if (wakes) AddBells(ranks.Select(_ => LibC.NewEvent()));
    }

    /// <inheritdoc/>
    public override string Transport => "memory";

    /// <inheritdoc/>
    protected override byte* Memory => Align(_allocation);

    /// <inheritdoc/>
    public override void Free() => NativeMemory.Free(_allocation);
}
