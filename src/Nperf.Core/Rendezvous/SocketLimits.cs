using System.Net.Sockets;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// Has the kernel give a connection up whose other end no longer answers: the backstop behind heartbeats, and all there is
/// for data that waits for a host which is gone.
/// </summary>
internal static class SocketLimits
{
    private const int ProtocolTcp = 6;
    private const int TcpUserTimeout = 18;
    private const int Probes = 3;

    /// <summary>Data that is sent has to be acknowledged within <paramref name="timeout"/>; an idle connection is probed.</summary>
    /// <exception cref="SocketException">The system refuses.</exception>
    public static void Apply(Socket socket, TimeSpan timeout)
    {
        // tcp(7): with TCP_USER_TIMEOUT that is also when probes without an answer end the connection.
        int milliseconds = (int)Math.Clamp(timeout.TotalMilliseconds, 1, int.MaxValue);
        socket.SetRawSocketOption(ProtocolTcp, TcpUserTimeout, BitConverter.GetBytes(milliseconds));
        int seconds = (int)Math.Clamp(timeout.TotalSeconds / (Probes + 1), 1, short.MaxValue);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, seconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }
}
