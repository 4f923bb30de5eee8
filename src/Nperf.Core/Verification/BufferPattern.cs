using Nperf.Core.Collectives;

namespace Nperf.Core.Verification;

/// <summary>
/// What the send buffers of a collective are filled with and what its receive buffers must then hold, in the kind of
/// memory that the buffers are in. For one rank's thread at a time. <see cref="TestPattern"/> says what the values are.
/// </summary>
internal abstract class BufferPattern
{
    /// <summary>Fills a send buffer.</summary>
    /// <param name="send">The buffer.</param>
    /// <param name="count">Its length in elements.</param>
    /// <param name="rank">Whose it is.</param>
    /// <param name="seed">The iteration's number, not negative.</param>
    public abstract void Fill(nint send, long count, int rank, long seed);

    /// <summary>Sets every bit: NaN, -1 or the largest integer, none of which is ever expected.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="bytes">Its length in bytes.</param>
    public abstract void Poison(nint buffer, long bytes);

    /// <summary>Compares a receive buffer with what it must hold.</summary>
    /// <param name="receive">The buffer.</param>
    /// <param name="expected">What it must hold (<see cref="Collective.Expected"/>); the rest is not looked at.</param>
    /// <param name="seed">That of the <see cref="Fill"/>.</param>
    /// <param name="tolerance">
    /// For floating-point types, how far an element may be off, relative to its expected value; 0 compares bit for bit.
    /// </param>
    public abstract CheckResult Check(nint receive, IEnumerable<Segment> expected, long seed, double tolerance);
}
