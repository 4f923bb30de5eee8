using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>Speaks the protocol byte for byte as docs/protocol.md says, sharing no code with nperf. Blocking.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket;
    private Sealing? _sending, _receiving;

    private RawPeer(Socket socket)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _socket.ReceiveTimeout = _socket.SendTimeout = (int)Star.Patience.TotalMilliseconds;
    }

    public static RawPeer Connect(int port, string address = "127.0.0.1", string from = "127.0.0.1")
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        socket.Connect(IPAddress.Parse(address), port);
        return new RawPeer(socket);
    }

    public static Socket Listen(out int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        return socket;
    }

    public static RawPeer Accept(Socket listener) => new(listener.Accept());

    public void Send(params byte[] bytes) => _socket.Send(bytes);

    public void Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    public void SendMessage(byte type, byte[] payload)
    {
        byte[] header = new byte[5];
        header[0] = type;
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(1), payload.Length);
        Send([.. header, .. payload]);
    }

    public void SendMessage(byte type, string json) => SendMessage(type, Encoding.UTF8.GetBytes(json));

    public byte[] Read(int count)
    {
        byte[] bytes = new byte[count];
        for (int have = 0; have < count;)
        {
            int read = _socket.Receive(bytes.AsSpan(have));
            if (read == 0) throw new EndOfStreamException($"closed after {have} of {count} bytes");
            have += read;
        }

        return bytes;
    }

    /// <summary>The next byte that is no heartbeat: a type.</summary>
    public byte ReadType()
    {
        byte type;
        while ((type = Read(1)[0]) == 0x20) ReadPayload();
        return type;
    }

    public byte[] ReadPayload() => Read(BinaryPrimitives.ReadInt32LittleEndian(Read(4)));

    public string ReadMessage(byte type)
    {
        Assert.Equal(type, ReadType());
        return Encoding.UTF8.GetString(ReadPayload());
    }

    /// <summary>The JSON of the World, which comes compressed.</summary>
    public string ReadWorld()
    {
        Assert.Equal(0x04, ReadType());
        using ZLibStream text = new(new MemoryStream(ReadPayload()), CompressionMode.Decompress);
        return new StreamReader(text).ReadToEnd();
    }

    /// <summary>Sends the JSON of a World.</summary>
    public void SendWorld(string json)
    {
        using MemoryStream small = new();
        using (ZLibStream squeeze = new(small, CompressionLevel.Optimal)) squeeze.Write(Encoding.UTF8.GetBytes(json));
        SendMessage(0x04, small.ToArray());
    }

    public void GreetAsClient()
    {
        Send(0x4e, 0x50, 0x45, 0x52, 0x46, 0x3e, 0x01, 0x00);
        Assert.Equal([0x4e, 0x50, 0x45, 0x52, 0x46, 0x3c, 0x01, 0x00], Read(8));
    }

    /// <summary>Greets and proves the token; returns the digest of the run that the server stands for.</summary>
    public byte[] ProveAsClient(string token)
    {
        byte[] greetings = [.. "NPERF>"u8, 0x01, 0x01, .. "NPERF<"u8, 0x01, 0x01];
        Send(greetings[..8]);
        Assert.Equal(greetings[8..], Read(8));
        byte[] challenge = Read(64);
        byte[] nonce = RandomNumberGenerator.GetBytes(32);
        byte[] transcript = [.. greetings, .. challenge, .. nonce];
        Send([.. nonce, .. Tag("nperf client proof")]);
        Assert.Equal(Tag("nperf server proof"), Read(32));
        (_sending, _receiving) = (new Sealing(Tag("nperf client key")), new Sealing(Tag("nperf server key")));
        return challenge[32..];

        byte[] Tag(string role) => HMACSHA256.HashData(
            Encoding.ASCII.GetBytes(token), (byte[])[.. Encoding.ASCII.GetBytes(role), .. transcript]);
    }

    /// <summary>Sends a message with its seal.</summary>
    public void SendSealed(byte type, byte[]? payload)
    {
        byte[] message = payload is null ? [type] : [type, .. BitConverter.GetBytes(payload.Length), .. payload];
        Send([.. message, .. _sending!.Next(message)]);
    }

    /// <summary>The payload of the next message that is no heartbeat: of this type, with its seal, which has to be right.</summary>
    public byte[] ReadSealed(byte type, bool hasPayload = true)
    {
        while (true)
        {
            byte[] message = Read(1);
            byte[] payload = [];
            bool isHeartbeat = message[0] == 0x20;
            if (isHeartbeat || hasPayload)
            {
                byte[] length = Read(4);
                payload = Read(BinaryPrimitives.ReadInt32LittleEndian(length));
                message = [message[0], .. length, .. payload];
            }

            Assert.Equal(_receiving!.Next(message), Read(32));
            if (isHeartbeat) continue;
            Assert.Equal(type, message[0]);
            return payload;
        }
    }

    public void GreetAsServer()
    {
        Assert.Equal([0x4e, 0x50, 0x45, 0x52, 0x46, 0x3e, 0x01, 0x00], Read(8));
        Send(0x4e, 0x50, 0x45, 0x52, 0x46, 0x3c, 0x01, 0x00);
    }

    /// <param name="version">The version of nperf.</param>
    /// <param name="ranks">The number of ranks.</param>
    /// <param name="given">The options given, as JSON.</param>
    /// <param name="more">Further fields, each with a comma before it.</param>
    public static string Hello(string version, int ranks = 1, string given = "{}", string more = "") =>
        $$"""
        {"version":"{{version}}","host":"scripted","machineId":"m","sharedMemoryId":"s","processors":"0,1","processId":77,"ranks":{{ranks}},"given":{{given}}{{more}}}
        """;

    /// <summary>What a member says.</summary>
    public static string MemberHello(string version, int memberOf, int member, string secret) =>
        Hello(version, more: $$""","memberOf":{{memberOf}},"member":{{member}},"secret":"{{secret}}" """);

    /// <summary>Waits for the other side to close, whatever it still sends.</summary>
    public void ExpectClosed()
    {
        byte[] scrap = new byte[4096];
        try
        {
            while (_socket.Receive(scrap) > 0)
            {
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
        }
    }

    public void Dispose() => _socket.Dispose();

    private sealed class Sealing(byte[] key)
    {
        private ulong _sequence;

        public byte[] Next(byte[] message) =>
            HMACSHA256.HashData(key, (byte[])[.. BitConverter.GetBytes(_sequence++), .. message]);
    }
}
