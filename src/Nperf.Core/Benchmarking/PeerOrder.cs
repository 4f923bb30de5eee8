using System.Buffers.Binary;
using Nperf.Core.Collectives;

namespace Nperf.Core.Benchmarking;

/// <summary>
/// What rank 0 has all ranks measure next: who sends to whom, and how much. As it travels: bytes (64 bits), 1 where the
/// pairs take turns, and then for each rank whom it sends to or -1 (32 bits each), little-endian. An empty one ends the run.
/// </summary>
internal sealed record PeerOrder(PeerExchange Exchange, long Bytes)
{
    private const int HeadBytes = sizeof(long) + sizeof(int);

    /// <summary>As it travels.</summary>
    public byte[] ToBytes()
    {
        IReadOnlyList<int> to = Exchange.Receivers;
        byte[] bytes = new byte[HeadBytes + to.Count * sizeof(int)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(long)), Exchange.InTurns ? 1 : 0);
        for (int rank = 0; rank < to.Count; rank++)
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeadBytes + rank * sizeof(int)), to[rank]);
        return bytes;
    }

    /// <summary>The order in <paramref name="bytes"/> for so many ranks; null where it ends the run.</summary>
    /// <param name="bytes">What came from rank 0.</param>
    /// <param name="ranks">How many ranks there are.</param>
    /// <param name="mostBytes">What the buffers hold.</param>
    /// <exception cref="RunException">There is none in them.</exception>
    public static PeerOrder? FromBytes(ReadOnlySpan<byte> bytes, int ranks, long mostBytes)
    {
        if (bytes.Length == 0) return null;
        if (bytes.Length == HeadBytes + ranks * sizeof(int))
        {
            long size = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            int turns = BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(long)..]);
            int[] to = new int[ranks];
            for (int rank = 0; rank < ranks; rank++)
                to[rank] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(HeadBytes + rank * sizeof(int))..]);
            try
            {
                if (size > 0 && size <= mostBytes && turns is 0 or 1) return new PeerOrder(new PeerExchange(to, turns == 1), size);
            }
            catch (ArgumentException)
            {
                // Said below.
            }
        }

        throw new RunException(FailureKind.Error, "what the server wants to be measured cannot be read: are all nperf of one version?");
    }
}
