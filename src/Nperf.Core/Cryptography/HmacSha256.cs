namespace Nperf.Core.Cryptography;

/// <summary>HMAC with SHA-256 (RFC 2104) under one key. Computing a tag allocates nothing.</summary>
internal sealed class HmacSha256
{
    /// <summary>The size of a tag, bytes.</summary>
    public const int Size = Sha256.Size;

    // Both have taken in the key, which every message begins with.
    private readonly Sha256 _inner = Sha256.Start();
    private readonly Sha256 _outer = Sha256.Start();

    public HmacSha256(ReadOnlySpan<byte> key)
    {
        Span<byte> inner = stackalloc byte[Sha256.BlockSize];
        Span<byte> outer = stackalloc byte[Sha256.BlockSize];
        ReadOnlySpan<byte> fitted = key.Length > Sha256.BlockSize ? Sha256.Hash(key) : key;
        fitted.CopyTo(inner);
        fitted.CopyTo(outer);
        for (int i = 0; i < Sha256.BlockSize; i++)
        {
            inner[i] ^= 0x36;
            outer[i] ^= 0x5c;
        }

        _inner.Add(inner);
        _outer.Add(outer);
    }

    /// <summary>The tag of <paramref name="message"/> under <paramref name="key"/>.</summary>
    public static byte[] Tag(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message) => new HmacSha256(key).Tag(message);

    /// <summary>The tag of <paramref name="message"/>.</summary>
    public byte[] Tag(ReadOnlySpan<byte> message)
    {
        byte[] tag = new byte[Size];
        Tag(message, [], tag);
        return tag;
    }

    /// <summary>Writes the tag of a message of two parts.</summary>
    public void Tag(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> tag)
    {
        Sha256 inner = _inner;
        inner.Add(first);
        inner.Add(second);
        Span<byte> digest = stackalloc byte[Sha256.Size];
        inner.Finish(digest);
        Sha256 outer = _outer;
        outer.Add(digest);
        outer.Finish(tag);
    }
}
