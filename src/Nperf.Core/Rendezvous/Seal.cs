using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Nperf.Core.Cryptography;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// One direction of a connection whose two sides share a token: each message gets a tag that nobody without the token can
/// make, over its place in the sequence, its type, its length and its payload.
/// </summary>
internal sealed class Seal(byte[] key)
{
    /// <summary>The size of a tag, bytes.</summary>
    public const int Size = HmacSha256.Size;

    private readonly HmacSha256 _hmac = new(key);
    private ulong _sequence;

    /// <summary>Writes the tag of the next message.</summary>
    /// <param name="header">Its type and, where it has one, its length.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="tag">Where the tag goes.</param>
    public void Make(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> tag)
    {
        Span<byte> first = stackalloc byte[sizeof(ulong) + Message.LongestHeader];
        BinaryPrimitives.WriteUInt64LittleEndian(first, _sequence++);
        header.CopyTo(first[sizeof(ulong)..]);
        _hmac.Tag(first[..(sizeof(ulong) + header.Length)], payload, tag);
    }

    /// <summary>True when <paramref name="tag"/> is that of the next message.</summary>
    public bool Check(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> tag)
    {
        Span<byte> right = stackalloc byte[Size];
        Make(header, payload, right);
        return CryptographicOperations.FixedTimeEquals(right, tag);
    }
}

/// <summary>What the two sides of a connection share that have proven to each other that they know the token.</summary>
/// <param name="Outgoing">Seals what this side sends.</param>
/// <param name="Incoming">Seals what the other side sends.</param>
/// <param name="Run">The digest of the run that the server stands for.</param>
internal sealed record Session(Seal Outgoing, Seal Incoming, byte[] Run)
{
    /// <summary>What stands for a run in a proof: its id, which nobody can guess, and its options as a Welcome has them.</summary>
    public static byte[] DigestOf(ReadOnlySpan<byte> runId, RunOptions options)
    {
        Sha256 hash = Sha256.Start();
        hash.Add(runId);
        hash.Add(JsonSerializer.SerializeToUtf8Bytes(options, ProtocolJson.Default.RunOptions));
        byte[] digest = new byte[Sha256.Size];
        hash.Finish(digest);
        return digest;
    }
}
