using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using Nperf.Core.Cryptography;
using Nperf.Native;

namespace Nperf.Core.Host.Tcp;

/// <summary>
/// The first bytes of a data connection: both ends show that they belong to this run, without showing its secret.
/// </summary>
/// <remarks>
/// <code>
/// connection = hello challenge proof accepted data      ; data: bytes of the collectives, both ways, no framing
/// hello      = magic from to stream nonce               ; 52 bytes, by the connecting end
/// challenge  = magic nonce tag("nperf acceptor")        ; 72 bytes, by the accepting end
/// proof      = tag("nperf connector")                   ; 32 bytes, by the connecting end
/// accepted   = %x06                                     ; 1 byte, by the accepting end: the connection has its place
/// magic      = "NPERFDT2"
/// from, to   = 4 bytes, big endian                      ; the connecting and the accepting rank; from > to
/// stream     = 4 bytes, big endian                      ; which of the connections of the two it is, from 0 on
/// nonce      = 32 bytes                                 ; random, fresh for each connection and end
/// tag(role)  = HMAC-SHA256(key, role from to stream nonce nonce) ; the connecting end's nonce first; role in ASCII
/// key        = HMAC-SHA256(secret of the run, "nperf data")
/// </code>
/// </remarks>
internal sealed class DataHandshake(ReadOnlyMemory<byte> secret)
{
    private const int MagicSize = 8;
    private const int NonceSize = 32;
    public const int HelloSize = MagicSize + 12 + NonceSize;
    public const int ChallengeSize = MagicSize + NonceSize + HmacSha256.Size;
    private const byte AcceptedByte = 6;

    /// <summary>A handshake takes some round trips; whoever needs longer is a stranger.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly HmacSha256 _key = new(HmacSha256.Tag(secret.Span, "nperf data"u8));

    private static ReadOnlySpan<byte> Magic => "NPERFDT2"u8;

    /// <summary>The connecting end. Throws <see cref="SocketException"/> when the other end is not the one meant.</summary>
    public void Connect(Socket socket, DataStream stream, long deadline)
    {
        Span<byte> hello = stackalloc byte[HelloSize];
        MakeHello(stream, hello);
        BoundedSocket.Send(socket, hello, deadline);

        Span<byte> challenge = stackalloc byte[ChallengeSize];
        BoundedSocket.Receive(socket, challenge, deadline);
        if (!IsChallenge(challenge, hello)) throw new SocketException((int)SocketError.ConnectionRefused);

        BoundedSocket.Send(socket, Proof(hello, challenge), deadline);
        Span<byte> accepted = stackalloc byte[1];
        BoundedSocket.Receive(socket, accepted, deadline);
        if (accepted[0] != AcceptedByte) throw new SocketException((int)SocketError.ConnectionRefused);
    }

    /// <summary>The accepting end, up to the proof. False when the other end is a stranger; the stream it has proven else.</summary>
    public bool Accept(Socket socket, Func<DataStream, bool> expected, long deadline, out DataStream stream)
    {
        Span<byte> hello = stackalloc byte[HelloSize];
        // Who does not even begin like one is not waited for.
        BoundedSocket.Receive(socket, hello[..MagicSize], deadline);
        stream = default;
        if (!hello.StartsWith(Magic)) return false;
        BoundedSocket.Receive(socket, hello[MagicSize..], deadline);
        if (!IsHello(hello, out stream) || !expected(stream)) return false;

        Span<byte> challenge = stackalloc byte[ChallengeSize];
        MakeChallenge(hello, challenge);
        BoundedSocket.Send(socket, challenge, deadline);

        Span<byte> proof = stackalloc byte[HmacSha256.Size];
        BoundedSocket.Receive(socket, proof, deadline);
        return IsProof(proof, hello, challenge);
    }

    /// <summary>Tells the connecting end that its connection has its place.</summary>
    public static void Confirm(Socket socket, long deadline) => BoundedSocket.Send(socket, [AcceptedByte], deadline);

    /// <summary>Writes a hello of <see cref="HelloSize"/> bytes with a fresh nonce.</summary>
    internal static void MakeHello(DataStream stream, Span<byte> hello)
    {
        Magic.CopyTo(hello);
        BinaryPrimitives.WriteInt32BigEndian(hello[MagicSize..], stream.From);
        BinaryPrimitives.WriteInt32BigEndian(hello[(MagicSize + 4)..], stream.To);
        BinaryPrimitives.WriteInt32BigEndian(hello[(MagicSize + 8)..], stream.Stream);
        LibC.FillRandom(hello[^NonceSize..]);
    }

    /// <summary>True where <paramref name="hello"/> is one; the stream that it names.</summary>
    internal static bool IsHello(ReadOnlySpan<byte> hello, out DataStream stream)
    {
        stream = new DataStream(
            BinaryPrimitives.ReadInt32BigEndian(hello[MagicSize..]),
            BinaryPrimitives.ReadInt32BigEndian(hello[(MagicSize + 4)..]),
            BinaryPrimitives.ReadInt32BigEndian(hello[(MagicSize + 8)..]));
        return hello.StartsWith(Magic);
    }

    /// <summary>Writes a challenge of <see cref="ChallengeSize"/> bytes with a fresh nonce.</summary>
    internal void MakeChallenge(ReadOnlySpan<byte> hello, Span<byte> challenge)
    {
        Magic.CopyTo(challenge);
        LibC.FillRandom(challenge.Slice(MagicSize, NonceSize));
        Tag("nperf acceptor"u8, hello, NonceOf(challenge)).CopyTo(challenge[^HmacSha256.Size..]);
    }

    /// <summary>True where <paramref name="challenge"/> is an answer to <paramref name="hello"/> from within the run.</summary>
    internal bool IsChallenge(ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> hello) =>
        challenge.StartsWith(Magic) && CryptographicOperations.FixedTimeEquals(
            challenge[^HmacSha256.Size..], Tag("nperf acceptor"u8, hello, NonceOf(challenge)));

    /// <summary>What answers <paramref name="challenge"/>.</summary>
    internal byte[] Proof(ReadOnlySpan<byte> hello, ReadOnlySpan<byte> challenge) => Tag("nperf connector"u8, hello, NonceOf(challenge));

    /// <summary>True where <paramref name="proof"/> answers <paramref name="challenge"/>.</summary>
    internal bool IsProof(ReadOnlySpan<byte> proof, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> challenge) =>
        CryptographicOperations.FixedTimeEquals(proof, Proof(hello, challenge));

    private static ReadOnlySpan<byte> NonceOf(ReadOnlySpan<byte> challenge) => challenge.Slice(MagicSize, NonceSize);

    private byte[] Tag(ReadOnlySpan<byte> role, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> nonce) =>
        _key.Tag([.. role, .. hello[MagicSize..], .. nonce]);
}
