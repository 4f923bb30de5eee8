using System.Net;
using System.Net.Sockets;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>The server's listening socket, with the longest backlog there is.</summary>
internal static class Listener
{
    /// <summary>For processes of this machine alone: loopback, a free port.</summary>
    public static Socket OpenLoopback()
    {
        try
        {
            return Bind(new IPEndPoint(IPAddress.Loopback, 0));
        }
        catch (SocketException e)
        {
            throw Failed(e, IPAddress.Loopback, 0);
        }
    }

    /// <summary>On one address, or on every one of this machine and both families.</summary>
    /// <param name="port">The port, or 0 for any.</param>
    /// <param name="address">The address, or null: all.</param>
    /// <param name="place">The server's place where it was assigned: whoever has the port may have been given the same.</param>
    public static Socket Open(int port, IPAddress? address, AssignedPlace? place = null)
    {
        if (address is not null)
        {
            try
            {
                return Bind(new IPEndPoint(address, port));
            }
            catch (SocketException e)
            {
                throw Failed(e, address, port, place);
            }
        }

        if (Socket.OSSupportsIPv6)
        {
            try
            {
                return Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            }
            catch (SocketException e) when (e.SocketErrorCode
                is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable)
            {
                // IPv6 is built in, but switched off.
            }
            catch (SocketException e)
            {
                throw Failed(e, IPAddress.IPv6Any, port, place);
            }
        }

        try
        {
            return Bind(new IPEndPoint(IPAddress.Any, port));
        }
        catch (SocketException e)
        {
            throw Failed(e, IPAddress.Any, port, place);
        }
    }

    private static Socket Bind(IPEndPoint endpoint)
    {
        Socket socket = new(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = true;

            // .NET sets SO_REUSEADDR on TCP sockets it binds; its own ReuseAddress option would add SO_REUSEPORT, with
            // which two servers could have one port.
            socket.Bind(endpoint);
            socket.Listen(int.MaxValue);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static RunException Failed(SocketException cause, IPAddress address, int port, AssignedPlace? place = null) => new(
        new Failure(FailureKind.Error, Message(cause.SocketErrorCode, new IPEndPoint(address, port), place))
        {
            Host = ThisProcess.Host,
            Step = "rendezvous",
        },
        cause);

    private static string Bracketed(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    private static string Message(SocketError error, IPEndPoint endpoint, AssignedPlace? place) => error switch
    {
        SocketError.AddressAlreadyInUse =>
            $"port {endpoint.Port} is in use on {Bracketed(endpoint.Address)}: "
            + (place is null ? "" : $"is another process here {place} as well? else ") + "choose another with -p, or find its owner with: "
            + $"ss -ltnp 'sport = :{endpoint.Port}'",
        SocketError.AddressNotAvailable => $"{endpoint.Address} is no address of this machine (ip address lists those)",
        SocketError.AccessDenied =>
            $"port {endpoint.Port} may not be listened on by this user: choose one of 1024 or above with -p",
        _ => $"cannot listen on port {endpoint.Port} of {Bracketed(endpoint.Address)}: {Wording.Reason(error)}",
    };
}
