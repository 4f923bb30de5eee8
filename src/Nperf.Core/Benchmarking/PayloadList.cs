using System.Buffers.Binary;

namespace Nperf.Core.Benchmarking;

/// <summary>Several payloads in one: for each, its length (32 bits, little-endian) and its bytes.</summary>
internal static class PayloadList
{
    public static byte[] Pack(IReadOnlyList<byte[]> payloads)
    {
        byte[] packed = new byte[payloads.Sum(payload => sizeof(int) + payload.Length)];
        Span<byte> rest = packed;
        foreach (byte[] payload in payloads)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, payload.Length);
            payload.CopyTo(rest[sizeof(int)..]);
            rest = rest[(sizeof(int) + payload.Length)..];
        }
        return packed;
    }

    public static IEnumerable<byte[]> Unpack(byte[] packed)
    {
        int offset = 0;
        while (offset < packed.Length)
        {
            if (packed.Length - offset < sizeof(int)) throw Damaged();
            int length = BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(offset));
            offset += sizeof(int);
            if (length < 0 || length > packed.Length - offset) throw Damaged();
            yield return packed.AsSpan(offset, length).ToArray();
            offset += length;
        }
    }

    private static RunException Damaged() =>
        new(FailureKind.Error, "a list of payloads from another process has a length that does not fit");
}
