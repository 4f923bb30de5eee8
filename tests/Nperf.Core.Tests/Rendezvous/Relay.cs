using System.Net;
using System.Net.Sockets;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>
/// A man in the middle: clients reach a server through it, and it does with their bytes what a test wants. It knows no token.
/// </summary>
internal sealed class Relay : IDisposable
{
    private readonly Socket _listener;
    private readonly int _server;
    private readonly List<Socket> _sockets = [];
    private readonly MemoryStream _recorded = new();

    /// <summary>Before a server on this port.</summary>
    public Relay(int server)
    {
        _server = server;
        _listener = RawPeer.Listen(out int port);
        Port = port;
        _ = AcceptAllAsync();
    }

    public int Port { get; }

    /// <summary>What is sent to the server instead of what came from a client.</summary>
    public volatile Func<byte[], byte[]> ToServer = bytes => bytes;

    /// <summary>What is sent to a client instead of what came from the server.</summary>
    public volatile Func<byte[], byte[]> ToClient = bytes => bytes;

    /// <summary>All that clients sent so far.</summary>
    public byte[] Recorded
    {
        get
        {
            lock (_recorded) return _recorded.ToArray();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_sockets) _sockets.ForEach(socket => socket.Dispose());
    }

    private async Task AcceptAllAsync()
    {
        try
        {
            while (true)
            {
                Socket client = Keep(await _listener.AcceptAsync());
                Socket server = Keep(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
                await server.ConnectAsync(IPAddress.Loopback, _server);
                _ = PumpAsync(client, server, bytes =>
                {
                    lock (_recorded) _recorded.Write(bytes);
                    return ToServer(bytes);
                });
                _ = PumpAsync(server, client, bytes => ToClient(bytes));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private Socket Keep(Socket socket)
    {
        socket.NoDelay = true;
        lock (_sockets) _sockets.Add(socket);
        return socket;
    }

    private static async Task PumpAsync(Socket from, Socket to, Func<byte[], byte[]> change)
    {
        byte[] buffer = new byte[1 << 16];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer)) > 0;) await to.SendAsync(change(buffer[..read]));
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            to.Dispose();
        }
    }
}
