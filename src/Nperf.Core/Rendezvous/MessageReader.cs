using System.Buffers.Binary;
using System.Diagnostics;

namespace Nperf.Core.Rendezvous;

/// <summary>Takes messages out of a stream. Memory grows with what arrives, not with what is announced.</summary>
internal sealed class MessageReader(Stream stream)
{
    private const int FirstChunk = 64 << 10;

    // For what is sent in a run again and again; of a long message it only gets the beginning.
    private readonly byte[] _buffer = new byte[1024];
    private int _start;
    private int _end;
    private long _lastHeard = Stopwatch.GetTimestamp();

    /// <summary>What every message is sealed with, or null.</summary>
    public Seal? Seal { get; init; }

    /// <summary>How long ago the last byte came.</summary>
    public TimeSpan Silence => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <summary>The next message with a payload of at most <paramref name="cap"/> bytes; null at the end of the stream.</summary>
    /// <exception cref="ProtocolException">No type has this byte, the length is above its cap, or the seal is wrong.</exception>
    /// <exception cref="IOException">The stream failed, or ended within a message.</exception>
    public async ValueTask<Message?> ReadAsync(int cap, CancellationToken cancellation)
    {
        // Of thousands of connections each waits here, most of the time for one byte: one wait, and all else without one.
        while (true)
        {
            if (Peek(cap) is { } next)
            {
                int whole = next.Header + next.Length + (Seal is null ? 0 : Seal.Size);
                if (whole > _buffer.Length) return await ReadLongAsync(next, cancellation);
                if (whole <= _end - _start) return Take(next);
            }

            MakeRoom();
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (read == 0) return _end == 0 ? null : throw new EndOfStreamException();
            Heard(read);
        }
    }

    /// <summary>What the next message is, or null where not even its length has come.</summary>
    private (MessageType Type, int Header, int Length)? Peek(int cap)
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start, _end - _start);
        if (bytes.IsEmpty) return null;
        var type = (MessageType)bytes[0];
        int typeCap = Message.Cap(type);
        if (typeCap < 0) throw new ProtocolException($"sent 0x{(byte)type:x2}, which is no message type");
        if (typeCap == 0) return (type, 1, 0);
        if (bytes.Length < Message.LongestHeader) return null;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]);
        cap = Math.Min(cap, typeCap);
        if (length > cap) throw new ProtocolException($"announced {length} bytes of {type}, of which {cap} are the most");
        return (type, Message.LongestHeader, (int)length);
    }

    /// <summary>Takes a message that has come whole.</summary>
    private Message Take((MessageType Type, int Header, int Length) next)
    {
        Message message = new(next.Type, next.Length == 0 ? default : _buffer.AsSpan(_start + next.Header, next.Length).ToArray());
        _start += next.Header + next.Length;
        if (Seal is not null) CheckSeal(message);
        return message;
    }

    private async ValueTask<Message> ReadLongAsync((MessageType Type, int Header, int Length) next, CancellationToken cancellation)
    {
        _start += next.Header;
        Message message = new(next.Type, await ReadPayloadAsync(next.Length, cancellation));
        if (Seal is null) return message;
        while (_end - _start < Seal.Size)
        {
            MakeRoom();
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (read == 0) throw new EndOfStreamException();
            Heard(read);
        }

        CheckSeal(message);
        return message;
    }

    private void CheckSeal(Message message)
    {
        Span<byte> header = stackalloc byte[Message.LongestHeader];
        ReadOnlySpan<byte> tag = _buffer.AsSpan(_start, Seal.Size);
        if (!Seal!.Check(header[..message.WriteHeader(header)], message.Payload.Span, tag))
            throw new ProtocolException($"sent a {message.Type} with a wrong seal: somebody changes what is sent on the way");
        _start += Seal.Size;
    }

    private async ValueTask<byte[]> ReadPayloadAsync(int length, CancellationToken cancellation)
    {
        byte[] payload = new byte[Math.Min(length, FirstChunk)];
        int have = Math.Min(length, _end - _start);
        _buffer.AsSpan(_start, have).CopyTo(payload);
        _start += have;
        while (have < length)
        {
            if (have == payload.Length) Array.Resize(ref payload, (int)Math.Min(length, 2L * have));
            int read = await stream.ReadAsync(payload.AsMemory(have), cancellation);
            if (read == 0) throw new EndOfStreamException();
            Volatile.Write(ref _lastHeard, Stopwatch.GetTimestamp());
            have += read;
        }

        return payload;
    }

    private void MakeRoom()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
    }

    private void Heard(int bytes)
    {
        Volatile.Write(ref _lastHeard, Stopwatch.GetTimestamp());
        _end += bytes;
    }
}
