using System.Runtime.InteropServices;

namespace Nperf.Native;

/// <summary>ncclUniqueId: what ranks find each other by. One rank makes it, and all start with it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NcclUniqueId
{
    /// <summary>Its size in bytes (NCCL_UNIQUE_ID_BYTES).</summary>
    public const int Bytes = 128;

    private fixed byte _bytes[Bytes];

    /// <summary>The id in <paramref name="bytes"/>, which another process made with <see cref="ToArray"/>.</summary>
    /// <exception cref="ArgumentException">It is not <see cref="Bytes"/> long.</exception>
    public static NcclUniqueId FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Bytes) throw new ArgumentException($"{bytes.Length} bytes are no id", nameof(bytes));
        return MemoryMarshal.Read<NcclUniqueId>(bytes);
    }

    /// <summary>Its bytes, to be carried to other processes.</summary>
    public readonly byte[] ToArray()
    {
        fixed (byte* start = _bytes) return new ReadOnlySpan<byte>(start, Bytes).ToArray();
    }
}
