using Nperf.Native;

namespace Nperf.Core.Host;

/// <summary>
/// Wakes one rank that sleeps (<c>--wait block</c>): a word in memory, 0 at first, that is 1 while the rank is about to sleep
/// or does, and a descriptor that it sleeps at. Each process that shares the memory has a descriptor of its own.
/// </summary>
/// <param name="asleep">The word, on a cache line of its own.</param>
/// <param name="descriptor">An eventfd, or a FIFO open both ways; neither blocks. Closed with this.</param>
internal sealed unsafe class Doorbell(int* asleep, int descriptor) : IDisposable
{
    /// <summary>More rings than there mostly are; what is left over wakes once more than it has to.</summary>
    private const int RingsAtOnce = 64;

    /// <summary>Becomes readable when somebody rings.</summary>
    public int Descriptor => descriptor;

    /// <summary>
    /// This rank is about to sleep: whoever moves a byte from now on rings. What moved just before shows to who looks again
    /// after this.
    /// </summary>
    public void Announce()
    {
        Volatile.Write(ref *asleep, 1);
        // The word must be there before this rank looks again: as the peer's byte must before it reads the word.
        Interlocked.MemoryBarrier();
    }

    /// <summary>This rank is awake; what has been rung until now is forgotten.</summary>
    public void Withdraw()
    {
        Volatile.Write(ref *asleep, 0);
        ulong* rings = stackalloc ulong[RingsAtOnce];
        _ = LibC.Read(descriptor, rings, RingsAtOnce * sizeof(ulong));
    }

    /// <summary>A peer has moved bytes: wakes the rank where it sleeps.</summary>
    public void Moved()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref *asleep) == 0 || Interlocked.Exchange(ref *asleep, 0) == 0) return;
        ulong ring = 1;
        _ = LibC.Write(descriptor, &ring, sizeof(ulong)); // One that is full of rings wakes as well.
    }

    /// <inheritdoc/>
    public void Dispose() => _ = LibC.Close(descriptor);
}
