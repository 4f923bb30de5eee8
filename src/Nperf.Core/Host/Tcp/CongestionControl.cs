using System.Net.Sockets;
using System.Text;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Host.Tcp;

/// <summary>TCP's congestion control of a socket (TCP_CONGESTION, tcp(7)).</summary>
internal static class CongestionControl
{
    /// <summary>The longest name that the kernel knows (TCP_CA_NAME_MAX less its end).</summary>
    public const int LongestName = 15;

    private const int ProtocolTcp = 6;
    private const int TcpCongestion = 13;

    /// <summary>The name of that of <paramref name="socket"/>, for example <c>cubic</c>.</summary>
    public static string Of(Socket socket)
    {
        Span<byte> name = stackalloc byte[LongestName + 1];
        int length = socket.GetRawSocketOption(ProtocolTcp, TcpCongestion, name);
        return Encoding.ASCII.GetString(name[..length]).TrimEnd('\0');
    }

    /// <summary>
    /// Gives <paramref name="socket"/> the one of this <paramref name="name"/>, before it connects or listens; connections that
    /// it accepts inherit it. Null leaves it to the system.
    /// </summary>
    /// <exception cref="RunException">The kernel refuses it; the message lists what it offers.</exception>
    public static void Set(Socket socket, string? name)
    {
        if (name is null) return;
        try
        {
            socket.SetRawSocketOption(ProtocolTcp, TcpCongestion, Encoding.ASCII.GetBytes(name));
        }
        catch (SocketException refused)
        {
            // Without privileges (CAP_NET_ADMIN) only what the system's list allows can be had.
            (string why, string list) = refused.SocketErrorCode == SocketError.AccessDenied
                ? ("does not allow it to this user", "allowed")
                : ("has no such congestion control", "available");
            throw new RunException(
                FailureKind.Error,
                $"--tcp-congestion {name}: {ThisProcess.Host} {why}; it offers {Offered(list)}",
                refused);
        }
    }

    /// <summary>Refuses one that this machine does not offer, before anybody is waited for.</summary>
    /// <exception cref="RunException">As <see cref="Set"/>.</exception>
    public static void Require(string? name)
    {
        if (name is null) return;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Set(socket, name);
    }

    private static string Offered(string list)
    {
        string file = $"/proc/sys/net/ipv4/tcp_{list}_congestion_control";
        string[] names = (TextFile.ReadOrNull(file) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return names.Length == 0 ? $"what {file} lists" : string.Join(", ", names.Order(StringComparer.Ordinal));
    }
}
