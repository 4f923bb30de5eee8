using Nperf.Core.Data;

namespace Nperf.Core.Benchmarking;

/// <summary>
/// How much send and receive memory each rank needs for the largest size of every section, and how many places a
/// smaller size has in it. Computed alike on every rank.
/// </summary>
internal sealed class BufferPlan
{
    /// <summary>Places begin at multiples of this: two cache lines, which processors fetch together.</summary>
    private const long SlotAlignment = 128;

    private readonly long[] _send, _receive;
    private readonly int _worldSize;

    /// <param name="sections">What is to be run.</param>
    /// <param name="worldSize">The number of ranks.</param>
    /// <param name="symmetric">True where every rank needs buffers of the same size.</param>
    public BufferPlan(IReadOnlyList<SectionPlan> sections, int worldSize, bool symmetric = false)
    {
        _worldSize = worldSize;
        (_send, _receive) = (new long[worldSize], new long[worldSize]);
        foreach (SectionPlan section in sections)
        {
            long count = section.Collective.CountFor(section.Sizes[^1], section.DataType.Size(), worldSize);
            for (int rank = 0; rank < worldSize; rank++)
            {
                (long send, long receive) = Needed(section, count, rank);
                _send[rank] = Math.Max(_send[rank], send);
                _receive[rank] = Math.Max(_receive[rank], receive);
            }
        }

        if (!symmetric) return;
        Array.Fill(_send, _send.Max());
        Array.Fill(_receive, _receive.Max());
    }

    /// <summary>Bytes of send memory of <paramref name="rank"/>.</summary>
    public long SendBytes(int rank) => _send[rank];

    /// <summary>Bytes of receive memory of <paramref name="rank"/>.</summary>
    public long ReceiveBytes(int rank) => _receive[rank];

    /// <summary>The places of <paramref name="rank"/> for <paramref name="count"/>: the same number on every rank.</summary>
    public SlotLayout Slots(SectionPlan section, long count, int rank)
    {
        long slots = long.MaxValue;
        for (int other = 0; other < _worldSize; other++)
        {
            (long otherSend, long otherReceive) = Needed(section, count, other);
            slots = Math.Min(slots, Math.Min(Fit(_send[other], otherSend), Fit(_receive[other], otherReceive)));
        }
        (long send, long receive) = Needed(section, count, rank);
        // In place both buffers move on together, in the memory that has them.
        if (section.InPlace) send = receive = Math.Max(send, receive);
        return new SlotLayout(send, receive, slots == long.MaxValue ? 1 : Math.Max(1, slots));
    }

    /// <summary>Bytes of send and receive memory for one place; in place, of one of them alone.</summary>
    private (long Send, long Receive) Needed(SectionPlan section, long count, int rank)
    {
        int element = section.DataType.Size();
        long send = Align(section.Collective.SendCount(count, _worldSize, rank, section.Root) * element);
        long receive = Align(section.Collective.ReceiveCount(count, _worldSize, rank, section.Root) * element);
        if (!section.InPlace) return (send, receive);
        return section.Collective.InPlaceOf(count, _worldSize, rank, section.Root).InReceiveBuffer
            ? (0, receive)
            : (send, 0);
    }

    private static long Align(long bytes) => (bytes + SlotAlignment - 1) / SlotAlignment * SlotAlignment;

    private static long Fit(long bytes, long stride) => stride == 0 ? long.MaxValue : bytes / stride;
}

/// <summary>Where the places of one size lie.</summary>
/// <param name="SendStride">From one send buffer to the next, bytes.</param>
/// <param name="ReceiveStride">From one receive buffer to the next, bytes; the same where both are one.</param>
/// <param name="Count">How many places there are.</param>
internal readonly record struct SlotLayout(long SendStride, long ReceiveStride, long Count)
{
    /// <summary>The first place alone.</summary>
    public static SlotLayout Single { get; } = new(0, 0, 1);
}
