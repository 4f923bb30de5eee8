namespace Nperf.Core.Host;

/// <summary>A reduction over one element type.</summary>
/// <param name="combine">(destination, left, right, elements): destination may be left or right.</param>
/// <param name="elementSize">The size of an element, bytes.</param>
internal readonly unsafe struct ReductionKernel(
    delegate*<byte*, byte*, byte*, nint, void> combine, int elementSize)
{
    /// <summary>(destination, left, right, elements): destination = left ⊕ right; it may be left or right.</summary>
    public delegate*<byte*, byte*, byte*, nint, void> Combine { get; } = combine;

    /// <summary>The size of an element, bytes.</summary>
    public int ElementSize { get; } = elementSize;
}
