using System.Net;
using System.Net.Sockets;

namespace Nperf.Core.Rendezvous;

/// <summary>The server's listening socket: every address of this machine, both families, the longest backlog there is.</summary>
internal static class Listener
{
    public static Socket Open(int port)
    {
        bool six = Socket.OSSupportsIPv6;
        Socket socket = new(six ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        IPEndPoint endpoint = new(six ? IPAddress.IPv6Any : IPAddress.Any, port);
        try
        {
            if (six) socket.DualMode = true;

            // .NET sets SO_REUSEADDR on TCP sockets it binds; its own ReuseAddress option would add SO_REUSEPORT, with
            // which two servers could have one port.
            socket.Bind(endpoint);
            socket.Listen(int.MaxValue);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new RunException(new Failure(FailureKind.Error, Message(e.SocketErrorCode, endpoint)) { Step = "rendezvous" }, e);
        }
    }

    private static string Message(SocketError error, IPEndPoint endpoint) => error switch
    {
        SocketError.AddressAlreadyInUse =>
            $"port {endpoint.Port} is in use on {endpoint.Address}: choose another with -p, or find its owner with: "
            + $"ss -ltnp 'sport = :{endpoint.Port}'",
        SocketError.AccessDenied =>
            $"port {endpoint.Port} may not be listened on by this user: choose one of 1024 or above with -p",
        _ => $"cannot listen on port {endpoint.Port} of {endpoint.Address}: {Wording.Reason(error)}",
    };
}
