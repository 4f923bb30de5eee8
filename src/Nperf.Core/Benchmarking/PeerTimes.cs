using System.Buffers.Binary;

namespace Nperf.Core.Benchmarking;

/// <summary>What the ranks measured of a <see cref="PeerOrder"/>, on rank 0.</summary>
/// <param name="Us">Each rank's own time for a transfer, microseconds.</param>
/// <param name="Wrong">The wrong elements each found; null where nothing was checked.</param>
internal sealed record PeerTimes(double[] Us, long?[] Wrong)
{
    /// <summary>The time of the slowest of <paramref name="ranks"/>, microseconds.</summary>
    public double Slowest(params IEnumerable<int> ranks) => ranks.Max(rank => Us[rank]);

    /// <summary>One rank's part as it travels: time and wrong elements, -1 for none checked, 64 bits each, little-endian.</summary>
    public static byte[] Pack(double us, long? wrong)
    {
        byte[] bytes = new byte[2 * sizeof(long)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, us);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(double)), wrong ?? -1);
        return bytes;
    }

    /// <summary>All ranks' parts.</summary>
    /// <exception cref="RunException">One of them is none.</exception>
    public static PeerTimes Unpack(IReadOnlyList<byte[]> parts)
    {
        var times = new PeerTimes(new double[parts.Count], new long?[parts.Count]);
        for (int rank = 0; rank < parts.Count; rank++)
        {
            double us = parts[rank].Length == 2 * sizeof(long) ? BinaryPrimitives.ReadDoubleLittleEndian(parts[rank]) : double.NaN;
            if (!double.IsFinite(us) || us < 0)
                throw new RunException(FailureKind.Error, $"what rank {rank} measured cannot be read: are all nperf of one version?");
            long wrong = BinaryPrimitives.ReadInt64LittleEndian(parts[rank].AsSpan(sizeof(double)));
            (times.Us[rank], times.Wrong[rank]) = (us, wrong < 0 ? null : wrong);
        }

        return times;
    }
}
