using System.Buffers.Binary;

namespace Nperf.Core.Rendezvous;

/// <summary>What a message says. docs/protocol.md has the table.</summary>
internal enum MessageType : byte
{
    Hello = 0x01,
    Welcome = 0x02,
    Joined = 0x03,
    World = 0x04,
    Id = 0x05,

    Barrier = 0x10,
    Release = 0x11,
    Broadcast = 0x12,
    Values = 0x13,
    Gather = 0x14,

    Heartbeat = 0x20,
    Leave = 0x21,
    Abort = 0x22,
}

/// <summary>
/// One message: the type byte, which is all of it for types without payload; else a u32 length and the payload. Between sides
/// with a token its <see cref="Seal"/> follows.
/// </summary>
internal readonly record struct Message(MessageType Type, ReadOnlyMemory<byte> Payload = default)
{
    /// <summary>The type and the length.</summary>
    public const int LongestHeader = 1 + sizeof(uint);

    /// <summary>The longest payload of any message while a connection's handshake goes on, but for a Welcome.</summary>
    public const int HandshakeCap = 64 << 10;

    /// <summary>The longest Welcome: the run's options may have a matrix of traffic.</summary>
    public const int WelcomeCap = 16 << 20;

    /// <summary>The longest Heartbeat: 4096 ranks with the longest names of what they are at.</summary>
    public const int HeartbeatCap = 4 << 20;

    /// <summary>The longest World as text; its payload is that text compressed.</summary>
    public const int LargestWorld = 128 << 20;

    /// <summary>The longest payload of any message.</summary>
    public const int LargestCap = 64 << 20;

    /// <summary>Writes type and, where the type has a payload, its length; returns how many bytes that is.</summary>
    public int WriteHeader(Span<byte> header)
    {
        header[0] = (byte)Type;
        if (Cap(Type) == 0) return 1;
        BinaryPrimitives.WriteInt32LittleEndian(header[1..], Payload.Length);
        return LongestHeader;
    }

    /// <summary>
    /// Writes all of it, with the tag of <paramref name="seal"/> where there is one, and returns how many bytes that is;
    /// <paramref name="frame"/> has <see cref="SizeWith"/> of them.
    /// </summary>
    public int Write(Span<byte> frame, Seal? seal)
    {
        int header = WriteHeader(frame);
        Payload.Span.CopyTo(frame[header..]);
        int end = header + Payload.Length;
        seal?.Make(frame[..header], Payload.Span, frame.Slice(end, Seal.Size));
        return SizeWith(seal);
    }

    /// <summary>How many bytes it is with the tag of <paramref name="seal"/>, where there is one.</summary>
    public int SizeWith(Seal? seal) =>
        (Cap(Type) == 0 ? 1 : LongestHeader) + Payload.Length + (seal is null ? 0 : Seal.Size);

    /// <summary>The longest payload of a type; 0 for types without one, -1 for what is no type.</summary>
    public static int Cap(MessageType type) => type switch
    {
        MessageType.Hello or MessageType.Id or MessageType.Abort => HandshakeCap,
        MessageType.Welcome => WelcomeCap,
        MessageType.Joined => 8,
        MessageType.World => 16 << 20,
        MessageType.Values => 1 << 20,
        MessageType.Broadcast or MessageType.Gather => LargestCap,
        MessageType.Heartbeat => HeartbeatCap,
        MessageType.Barrier or MessageType.Release or MessageType.Leave => 0,
        _ => -1,
    };
}

/// <summary>A peer sent what the protocol does not have. The message is the end of a sentence: "rank 1 … sent …".</summary>
internal sealed class ProtocolException(string message) : Exception(message);
