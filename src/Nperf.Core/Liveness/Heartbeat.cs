using System.Buffers.Binary;
using System.Text;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Liveness;

/// <summary>What a heartbeat carries: how far the ranks of the process that sends it have come. docs/protocol.md has its bytes.</summary>
/// <param name="Quiet">How long nothing has moved, as far as the sender knows: on the server in the whole run.</param>
/// <param name="Positions">Its ranks, in their order.</param>
internal sealed record Heartbeat(TimeSpan Quiet, IReadOnlyList<RankPosition> Positions)
{
    private const int HeaderSize = sizeof(uint);
    private const int FixedSize = 1 + (3 * sizeof(int)) + (3 * sizeof(long));
    private const int LongestText = byte.MaxValue;
    private const int MostBytesOfCharacter = 3;

    /// <summary>The message.</summary>
    public Message ToMessage()
    {
        byte[] payload = new byte[HeaderSize + (Positions.Count * (FixedSize + 2 + (2 * LongestText)))];
        Span<byte> rest = payload;
        BinaryPrimitives.WriteUInt32LittleEndian(rest, Milliseconds(Quiet));
        rest = rest[HeaderSize..];
        foreach (RankPosition position in Positions)
        {
            rest[0] = (byte)position.Step;
            BinaryPrimitives.WriteInt32LittleEndian(rest[1..], position.Number);
            BinaryPrimitives.WriteInt32LittleEndian(rest[5..], position.WaitsFor);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[9..], Milliseconds(position.Allowance));
            BinaryPrimitives.WriteInt64LittleEndian(rest[13..], position.Bytes);
            BinaryPrimitives.WriteInt64LittleEndian(rest[21..], position.Iterations);
            BinaryPrimitives.WriteInt64LittleEndian(rest[29..], position.Moves);
            rest = WriteText(WriteText(rest[FixedSize..], position.Operation), position.Meeting);
        }

        return new Message(MessageType.Heartbeat, payload.AsMemory(0, payload.Length - rest.Length));
    }

    /// <summary>The heartbeat in <paramref name="message"/>, of a process with so many <paramref name="ranks"/>.</summary>
    /// <exception cref="ProtocolException">There is none in it.</exception>
    public static Heartbeat From(Message message, int ranks)
    {
        ReadOnlySpan<byte> rest = message.Payload.Span;
        if (rest.Length < HeaderSize) throw Unreadable();
        TimeSpan quiet = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(rest));
        rest = rest[HeaderSize..];
        var positions = new List<RankPosition>();
        while (rest.Length > 0)
        {
            if (rest.Length < FixedSize || rest[0] > (byte)RankStep.Releasing || positions.Count == ranks) throw Unreadable();
            var position = new RankPosition
            {
                Step = (RankStep)rest[0],
                Number = BinaryPrimitives.ReadInt32LittleEndian(rest[1..]),
                WaitsFor = BinaryPrimitives.ReadInt32LittleEndian(rest[5..]),
                Allowance = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(rest[9..])),
                Bytes = BinaryPrimitives.ReadInt64LittleEndian(rest[13..]),
                Iterations = BinaryPrimitives.ReadInt64LittleEndian(rest[21..]),
                Moves = BinaryPrimitives.ReadInt64LittleEndian(rest[29..]),
            };
            rest = ReadText(ReadText(rest[FixedSize..], out string operation), out string meeting);
            positions.Add(position with { Operation = operation, Meeting = meeting });
        }

        return positions.Count is var count && (count == 0 || count == ranks) ? new Heartbeat(quiet, positions) : throw Unreadable();
    }

    private static uint Milliseconds(TimeSpan span) => (uint)Math.Clamp(span.TotalMilliseconds, 0, uint.MaxValue);

    private static Span<byte> WriteText(Span<byte> rest, string text)
    {
        ReadOnlySpan<char> cut = text.AsSpan(0, Math.Min(text.Length, LongestText / MostBytesOfCharacter));
        int bytes = Encoding.UTF8.GetBytes(cut, rest[1..]);
        rest[0] = (byte)bytes;
        return rest[(1 + bytes)..];
    }

    private static ReadOnlySpan<byte> ReadText(ReadOnlySpan<byte> rest, out string text)
    {
        if (rest.Length == 0 || rest.Length - 1 < rest[0]) throw Unreadable();
        text = rest[0] == 0 ? "" : PrintableText.From(Encoding.UTF8.GetString(rest.Slice(1, rest[0])));
        return rest[(1 + rest[0])..];
    }

    private static ProtocolException Unreadable() => new("sent a Heartbeat that cannot be read");
}
