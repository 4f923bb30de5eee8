namespace Nperf.Core.Host;

/// <summary>
/// One rank's links to every other rank, and the few ways of moving bytes over them that every algorithm is built from.
/// Used from this rank's thread alone. Nothing here allocates.
/// </summary>
internal abstract unsafe class RankLinks
{
    public abstract int Rank { get; }

    public abstract int WorldSize { get; }

    /// <summary>Sends and receives at the same time; returns when both are whole. Either side may have 0 bytes.</summary>
    public abstract void Exchange(int to, byte* send, nint sendBytes, int from, byte* receive, nint receiveBytes);

    /// <summary>
    /// As <see cref="Exchange"/>, but what arrives is combined: destination = operand ⊕ received. The destination may be
    /// the operand itself.
    /// </summary>
    public abstract void ExchangeReduce(
        int to, byte* send, nint sendBytes,
        int from, byte* destination, byte* operand, nint receiveBytes, in ReductionKernel kernel);

    /// <summary>
    /// Streams pieces to one rank while pieces stream in from another. Byte p of the outgoing stream is sent as soon as
    /// p &lt; <paramref name="lead"/> + bytes received (and combined) so far: a relay sends on what it has just received.
    /// </summary>
    public abstract void Pipeline(
        int to, ReadOnlySpan<Piece> sends, nint lead,
        int from, ReadOnlySpan<Piece> receives, in ReductionKernel kernel);

    /// <summary>At least this many bytes of scratch memory, 128-byte aligned, the same at each call until it has to grow.</summary>
    public abstract byte* Scratch(nint bytes);
}

/// <summary>A run of bytes of a stream.</summary>
/// <param name="Data">Where it is sent from, or received to.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Operand">For a receive: combined with what arrives into <paramref name="Data"/>; null to store what arrives.</param>
internal readonly unsafe record struct Piece(nint Data, nint Bytes, nint Operand = 0);

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
