using System.Net;
using System.Net.Sockets;

namespace Nperf.Arguments;

/// <summary>The server's place: a name or an address, and where it says so a port.</summary>
internal static class HostAndPort
{
    private const string Mistake = "is no host; a name, an IPv4 or IPv6 address, name:port or [IPv6]:port";

    /// <summary>Reads name, IPv4, IPv6, [IPv6], name:port, IPv4:port and [IPv6]:port.</summary>
    public static string? Read(string text, out (string? Host, int? Port) place)
    {
        place = default;
        string host = text;
        string? port = null;
        if (text.StartsWith('['))
        {
            int end = text.IndexOf(']');
            if (end < 0) return "has no ] behind the IPv6 address";
            host = text[1..end];
            if (!host.Contains(':')) return Mistake;
            if (end + 1 < text.Length)
            {
                if (text[end + 1] != ':') return Mistake;
                port = text[(end + 2)..];
            }
        }
        else if (text.Count(character => character == ':') == 1)
        {
            int colon = text.IndexOf(':');
            (host, port) = (text[..colon], text[(colon + 1)..]);
        }

        if (!IsHost(host)) return Mistake;
        if (!host.Contains('%') && IPAddress.TryParse(host, out IPAddress? address) && address.IsIPv6LinkLocal)
            return $"is an address of one link: say through which interface, for example {host}%eth0";
        int? number = null;
        if (port is not null)
        {
            if (Values.Whole(1, 65535)(port, out int value) is not null)
                return $"has no port: '{port}' is not 1 to 65535";
            number = value;
        }

        place = (host, number);
        return null;
    }

    private static bool IsHost(string host)
    {
        if (host.Contains(':'))
            return IPAddress.TryParse(host, out IPAddress? address)
                && address.AddressFamily == AddressFamily.InterNetworkV6;
        if (host.Length == 0) return false;
        if (host.All(character => char.IsAsciiDigit(character) || character == '.'))
        {
            // 1 and 10.1 are addresses to inet_aton(3), and typing mistakes to everyone else.
            return host.Count(character => character == '.') == 3 && IPAddress.TryParse(host, out _);
        }

        return host.Length <= 253 && Uri.CheckHostName(host) == UriHostNameType.Dns && host[0] != '-';
    }
}
