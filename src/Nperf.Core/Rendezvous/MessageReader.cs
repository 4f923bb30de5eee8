using System.Buffers.Binary;
using System.Diagnostics;

namespace Nperf.Core.Rendezvous;

/// <summary>Takes messages out of a stream. Memory grows with what arrives, not with what is announced.</summary>
internal sealed class MessageReader(Stream stream)
{
    private const int FirstChunk = 64 << 10;

    private readonly byte[] _buffer = new byte[4096];
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
        if (!await FillAsync(1, cancellation)) return null;
        var type = (MessageType)_buffer[_start++];
        int typeCap = Message.Cap(type);
        if (typeCap < 0) throw new ProtocolException($"sent 0x{(byte)type:x2}, which is no message type");
        if (typeCap == 0) return await CheckedAsync(new Message(type), cancellation);

        if (!await FillAsync(sizeof(uint), cancellation)) throw new EndOfStreamException();
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
        _start += sizeof(uint);
        cap = Math.Min(cap, typeCap);
        if (length > cap) throw new ProtocolException($"announced {length} bytes of {type}, of which {cap} are the most");
        return await CheckedAsync(new Message(type, await ReadPayloadAsync((int)length, cancellation)), cancellation);
    }

    private async ValueTask<Message> CheckedAsync(Message message, CancellationToken cancellation)
    {
        if (Seal is null) return message;
        if (!await FillAsync(Seal.Size, cancellation)) throw new EndOfStreamException();
        Span<byte> header = stackalloc byte[Message.LongestHeader];
        ReadOnlySpan<byte> tag = _buffer.AsSpan(_start, Seal.Size);
        if (!Seal.Check(header[..message.WriteHeader(header)], message.Payload.Span, tag))
            throw new ProtocolException($"sent a {message.Type} with a wrong seal: somebody changes what is sent on the way");
        _start += Seal.Size;
        return message;
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

    private async ValueTask<bool> FillAsync(int bytes, CancellationToken cancellation)
    {
        if (_end - _start >= bytes) return true;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        while (_end < bytes)
        {
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (read == 0) return _end == 0 ? false : throw new EndOfStreamException();
            Volatile.Write(ref _lastHeard, Stopwatch.GetTimestamp());
            _end += read;
        }

        return true;
    }
}
