using System.Buffers;

namespace Nperf.Core.Rendezvous;

/// <summary>What came as a greeting: the protocol version, or a guess at who it was instead.</summary>
/// <param name="Version">The protocol version, when <paramref name="Guess"/> is null.</param>
/// <param name="Guess">What it was instead: the end of a sentence.</param>
/// <param name="Answered">True when wrong bytes came; false when too few did.</param>
/// <param name="HasToken">True where that side has a token, of the same protocol version.</param>
internal readonly record struct Greeted(int Version, string? Guess, bool Answered = false, bool HasToken = false);

/// <summary>
/// The first 8 bytes each way: six of magic, the protocol version, and whether this side has a token. The server answers a
/// right one only, so that nothing is told to other programs.
/// </summary>
internal static class Greeting
{
    public const int Version = 1;
    public const int Size = 8;
    private const int MagicSize = 6;
    private const int VersionAt = 6;
    private const int TokenAt = 7;

    /// <summary>iperf3, on the same port, opens with 36 characters of this alphabet.</summary>
    private static readonly SearchValues<byte> CookieBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz234567"u8);

    public static ReadOnlyMemory<byte> FromClient(bool hasToken) => Bytes("NPERF>"u8, hasToken);

    public static ReadOnlyMemory<byte> FromServer(bool hasToken) => Bytes("NPERF<"u8, hasToken);

    /// <summary>A client's greeting, as <see cref="ReceiveAsync"/> reads one.</summary>
    public static ValueTask<Greeted> ReceiveFromClientAsync(Stream stream, CancellationToken cancellation) =>
        ReceiveAsync(stream, "NPERF>"u8.ToArray(), cancellation);

    /// <summary>A server's greeting, as <see cref="ReceiveAsync"/> reads one.</summary>
    public static ValueTask<Greeted> ReceiveFromServerAsync(Stream stream, CancellationToken cancellation) =>
        ReceiveAsync(stream, "NPERF<"u8.ToArray(), cancellation);

    /// <summary>Reads the other side's greeting, byte by byte as it comes, and stops at the first wrong one.</summary>
    private static async ValueTask<Greeted> ReceiveAsync(
        Stream stream, byte[] expected, CancellationToken cancellation)
    {
        byte[] bytes = new byte[Size];
        int have = 0;
        try
        {
            while (have < Size)
            {
                int read = await stream.ReadAsync(bytes.AsMemory(have), cancellation);
                if (read == 0) return new Greeted(0, have == 0 ? "closed at once, like a port scan" : "closed in its greeting");
                have += read;
                int magic = Math.Min(have, MagicSize);
                if (!bytes.AsSpan(0, magic).SequenceEqual(expected.AsSpan(0, magic)))
                {
                    return new Greeted(0, Guess(bytes.AsSpan(0, have)), Answered: true);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return new Greeted(0, have == 0 ? "said nothing" : "did not finish its greeting");
        }
        catch (IOException)
        {
            return new Greeted(0, "reset its connection");
        }

        int version = bytes[VersionAt];
        return version == Version && bytes[TokenAt] > 1
            ? new Greeted(0, Guess(bytes), Answered: true)
            : new Greeted(version, null, HasToken: version == Version && bytes[TokenAt] == 1);
    }

    private static string Guess(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0x16, 0x03, ..]) return "looks like TLS";
        if (bytes.StartsWith("SSH-"u8)) return "looks like SSH";
        if (bytes.StartsWith("GET "u8) || bytes.StartsWith("HEAD "u8) || bytes.StartsWith("POST "u8)
            || bytes.StartsWith("PUT "u8) || bytes.StartsWith("OPTIONS "u8) || bytes.StartsWith("CONNECT "u8)
            || bytes.StartsWith("PRI * "u8) || bytes.StartsWith("HTTP/"u8))
        {
            return "looks like HTTP";
        }

        if (bytes.Length == Size && !bytes.ContainsAnyExcept(CookieBytes)) return "looks like iperf3";
        return $"sent bytes that are not nperf's: {Convert.ToHexStringLower(bytes)}";
    }

    private static byte[] Bytes(ReadOnlySpan<byte> magic, bool hasToken) => [.. magic, Version, (byte)(hasToken ? 1 : 0)];
}
