using System.Net;
using System.Net.Sockets;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>Rank 0 of a run by NCCL bootstrap has to run where the address is, or the others wait for it elsewhere.</summary>
internal static class OwnAddress
{
    /// <exception cref="RunException">The host of <paramref name="address"/> is unknown, or none of its addresses is this machine's.</exception>
    public static void Require(BootstrapAddress address)
    {
        IPAddress[] addresses;
        try
        {
            addresses = Dns.GetHostAddresses(address.Host);
        }
        catch (SocketException e)
        {
            throw Fail(e.SocketErrorCode == SocketError.HostNotFound
                ? $"unknown host {address.Host}: check {BootstrapAddress.Variable}"
                : $"cannot look up host {address.Host} of {BootstrapAddress.Variable}: {e.Message}");
        }

        if (addresses.Any(IsHere)) return;
        string where = string.Join(", ", addresses.Distinct());
        throw Fail(
            $"{BootstrapAddress.Variable} names {(where == address.Host ? where : $"{address.Host} ({where})")}, which is no address of "
            + $"{ThisProcess.Host}: rank 0 has to run where it is");
    }

    private static bool IsHere(IPAddress address)
    {
        try
        {
            using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static RunException Fail(string message) =>
        new(new Failure(FailureKind.Error, message) { Host = ThisProcess.Host, Step = "rendezvous" });
}
