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

    public BufferPlan(IReadOnlyList<SectionPlan> sections, int worldSize)
    {
        _worldSize = worldSize;
        (_send, _receive) = (new long[worldSize], new long[worldSize]);
        foreach (SectionPlan section in sections)
        {
            long count = section.Collective.CountFor(section.Sizes[^1], section.DataType.Size(), worldSize);
            for (int rank = 0; rank < worldSize; rank++)
            {
                SlotLayout one = Stride(section, count, rank);
                _send[rank] = Math.Max(_send[rank], one.SendStride);
                _receive[rank] = Math.Max(_receive[rank], one.ReceiveStride);
            }
        }
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
            SlotLayout one = Stride(section, count, other);
            slots = Math.Min(slots, Math.Min(Fit(_send[other], one.SendStride), Fit(_receive[other], one.ReceiveStride)));
        }
        return Stride(section, count, rank) with { Count = slots == long.MaxValue ? 1 : Math.Max(1, slots) };
    }

    private SlotLayout Stride(SectionPlan section, long count, int rank)
    {
        int element = section.DataType.Size();
        return new SlotLayout(
            Align(section.Collective.SendCount(count, _worldSize, rank, section.Root) * element),
            Align(section.Collective.ReceiveCount(count, _worldSize, rank, section.Root) * element),
            Count: 1);
    }

    private static long Align(long bytes) => (bytes + SlotAlignment - 1) / SlotAlignment * SlotAlignment;

    private static long Fit(long bytes, long stride) => stride == 0 ? long.MaxValue : bytes / stride;
}

/// <summary>Where the places of one size lie.</summary>
/// <param name="SendStride">From one place to the next in the send memory, bytes.</param>
/// <param name="ReceiveStride">From one place to the next in the receive memory, bytes.</param>
/// <param name="Count">How many places there are.</param>
internal readonly record struct SlotLayout(long SendStride, long ReceiveStride, long Count)
{
    /// <summary>The first place alone.</summary>
    public static SlotLayout Single { get; } = new(0, 0, 1);
}
