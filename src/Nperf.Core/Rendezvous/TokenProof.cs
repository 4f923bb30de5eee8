using System.Security.Cryptography;
using Nperf.Core.Cryptography;
using Nperf.Core.Options;
using Nperf.Native;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// Behind greetings of two sides that have a token: each shows the other that it is the same one, the client first, so that
/// nothing is told to who does not know it.
/// </summary>
/// <remarks>
/// <code>
/// challenge = nonce run            ; 64 bytes, by the server
/// proof     = nonce tag("nperf client proof")   ; 64 bytes, by the client
/// answer    = tag("nperf server proof")         ; 32 bytes, by the server
/// nonce     = 32 bytes             ; random, fresh for each connection and side
/// run       = SHA-256(run id, options as in Welcome)
/// tag(role) = HMAC-SHA256(token, role transcript)
/// transcript = both greetings, the client's first, the challenge and the client's nonce
/// key of the client's messages = tag("nperf client key"), of the server's = tag("nperf server key")
/// </code>
/// </remarks>
internal static class TokenProof
{
    private const int NonceSize = 32;
    private const int ChallengeSize = NonceSize + Sha256.Size;
    private const int ProofSize = NonceSize + HmacSha256.Size;

    /// <summary>The server's side: null when the client does not have this token.</summary>
    /// <param name="stream">The connection, both greetings exchanged.</param>
    /// <param name="token">The server's token.</param>
    /// <param name="run">The digest of its run.</param>
    /// <param name="cancellation">The end of the handshake's time.</param>
    /// <exception cref="IOException">The connection ended.</exception>
    public static async Task<Session?> AcceptAsync(Stream stream, Token token, byte[] run, CancellationToken cancellation)
    {
        byte[] challenge = [.. Nonce(), .. run];
        await stream.WriteAsync(challenge, cancellation);
        byte[] proof = new byte[ProofSize];
        await stream.ReadExactlyAsync(proof, cancellation);
        byte[] transcript = Transcript(challenge, proof.AsSpan(0, NonceSize));
        if (!CryptographicOperations.FixedTimeEquals(proof.AsSpan(NonceSize), Tag(token, "nperf client proof"u8, transcript)))
            return null;
        await stream.WriteAsync(Tag(token, "nperf server proof"u8, transcript), cancellation);
        return new Session(ServerSeal(token, transcript), ClientSeal(token, transcript), run);
    }

    /// <summary>The client's side.</summary>
    /// <param name="stream">The connection, both greetings exchanged.</param>
    /// <param name="token">The client's token.</param>
    /// <param name="cancellation">The end of the handshake's time.</param>
    /// <exception cref="IOException">The connection ended before the server asked for a proof.</exception>
    /// <exception cref="ProtocolException">The server does not take this token, or does not have it.</exception>
    public static async Task<Session> ProveAsync(Stream stream, Token token, CancellationToken cancellation)
    {
        byte[] challenge = new byte[ChallengeSize];
        await stream.ReadExactlyAsync(challenge, cancellation);
        byte[] nonce = Nonce();
        byte[] transcript = Transcript(challenge, nonce);
        byte[] answer = new byte[HmacSha256.Size];
        try
        {
            await stream.WriteAsync((byte[])[.. nonce, .. Tag(token, "nperf client proof"u8, transcript)], cancellation);
            await stream.ReadExactlyAsync(answer, cancellation);
        }
        catch (IOException)
        {
            throw new ProtocolException(
                $"does not accept this client's token: give both the same one (--token-file, {Token.Variable})");
        }

        if (!CryptographicOperations.FixedTimeEquals(answer, Tag(token, "nperf server proof"u8, transcript)))
            throw new ProtocolException("did not prove that it has this client's token: it is not the server that was meant");
        return new Session(ClientSeal(token, transcript), ServerSeal(token, transcript), challenge[NonceSize..]);
    }

    private static byte[] Nonce()
    {
        byte[] nonce = new byte[NonceSize];
        LibC.FillRandom(nonce);
        return nonce;
    }

    private static byte[] Transcript(ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> clientNonce) =>
        [.. Greeting.FromClient(hasToken: true).Span, .. Greeting.FromServer(hasToken: true).Span, .. challenge, .. clientNonce];

    private static Seal ClientSeal(Token token, byte[] transcript) => new(Tag(token, "nperf client key"u8, transcript));

    private static Seal ServerSeal(Token token, byte[] transcript) => new(Tag(token, "nperf server key"u8, transcript));

    private static byte[] Tag(Token token, ReadOnlySpan<byte> role, byte[] transcript) => token.Key.Tag([.. role, .. transcript]);
}
