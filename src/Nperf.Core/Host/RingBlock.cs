namespace Nperf.Core.Host;

/// <summary>
/// A block of memory with a ring from each of some ranks to each of them, itself included. It is given back with the last
/// link that uses it. Its pages are touched before, so that none is while a clock runs, unless there are very many ranks.
/// </summary>
internal abstract unsafe class RingBlock
{
    private const int Alignment = 128;

    private readonly int[] _ranks;
    private readonly nint _capacity;
    private Doorbell[]? _bells;
    private int _users;

    /// <summary>Rings among <paramref name="ranks"/>; the memory is the derived class's.</summary>
    protected RingBlock(int[] ranks, nint capacity)
    {
        _ranks = ranks;
        _capacity = capacity;
    }

    /// <summary>How its links call themselves.</summary>
    public abstract string Transport { get; }

    /// <summary>The first byte, aligned to 128 and all zeros at first.</summary>
    protected abstract byte* Memory { get; }

    /// <summary>
    /// Bytes of memory for all rings among <paramref name="ranks"/> ranks, and behind them a word for each where they are to
    /// be woken.
    /// </summary>
    public static nint BytesFor(int ranks, nint capacity, bool wakes) =>
        ranks * (nint)ranks * Ring.BytesFor(capacity) + (wakes ? ranks * Alignment : 0);

    /// <summary>The end of <paramref name="rank"/> of its rings with <paramref name="peer"/>; it must be disposed of.</summary>
    public Link Open(int rank, int peer)
    {
        Interlocked.Increment(ref _users);
        Ring outgoing = RingAt(rank, peer), incoming = RingAt(peer, rank);
        if (Ring.FitsInMemory(_capacity, _ranks.Length))
        {
            outgoing.TouchAsWriter();
            incoming.TouchAsReader();
        }

        var link = new MemoryLink(this, outgoing, incoming);
        return _bells is null ? link : new BlockingLink(link, _bells[IndexOf(rank)], _bells[IndexOf(peer)]);
    }

    /// <summary>A link is done with it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) > 0) return;
        foreach (Doorbell bell in _bells ?? []) bell.Dispose();
        Free();
    }

    /// <summary>Gives the memory back.</summary>
    public abstract void Free();

    /// <summary>Lets ranks be woken: by the descriptors that they sleep at, in their order.</summary>
    protected void AddBells(IEnumerable<int> descriptors)
    {
        byte* words = Memory + BytesFor(_ranks.Length, _capacity, wakes: false);
        _bells = [.. descriptors.Select((descriptor, index) => new Doorbell((int*)(words + index * Alignment), descriptor))];
    }

    /// <summary><paramref name="memory"/> or the next aligned byte after it.</summary>
    protected static byte* Align(byte* memory) => (byte*)(((nint)memory + Alignment - 1) & -Alignment);

    /// <summary>What to ask for so that <see cref="Align"/> leaves <paramref name="bytes"/>.</summary>
    protected static nint WithAlignment(nint bytes) => bytes + Alignment;

    private Ring RingAt(int from, int to)
    {
        int index = IndexOf(from) * _ranks.Length + IndexOf(to);
        return new Ring(Memory + index * Ring.BytesFor(_capacity), _capacity);
    }

    private int IndexOf(int rank) => Array.IndexOf(_ranks, rank);
}
