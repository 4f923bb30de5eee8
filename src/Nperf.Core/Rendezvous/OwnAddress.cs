using System.Net;
using System.Net.Sockets;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>Rank 0 of a run by NCCL bootstrap has to run where the address is, or the others wait for it elsewhere.</summary>
internal static class OwnAddress
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    /// <summary>Returns once the host of <paramref name="address"/> is known to be this machine.</summary>
    /// <param name="address">What NCCL_COMM_ID says.</param>
    /// <param name="seconds">How long its name may take to become known: a pod's comes some seconds after the pod.</param>
    /// <param name="abort">Gives up the waiting.</param>
    /// <exception cref="RunException">The host is unknown, or none of its addresses is this machine's.</exception>
    public static void Require(BootstrapAddress address, double seconds, AbortSignal abort)
    {
        IPAddress[] addresses = Resolve(address.Host, seconds, abort);
        if (addresses.Any(IsHere)) return;
        string all = string.Join(", ", addresses.Distinct());
        string named = all == address.Host ? all : $"{address.Host} ({all})";
        throw Fail(
            $"{BootstrapAddress.Variable} names {named}, which is no address of {ThisProcess.Host}: "
            + "rank 0 has to run where it is");
    }

    private static IPAddress[] Resolve(string host, double seconds, AbortSignal abort)
    {
        var deadline = Deadline.AfterSeconds(seconds);
        while (true)
        {
            try
            {
                return Dns.GetHostAddresses(host);
            }
            catch (SocketException e)
            {
                abort.Token.WaitHandle.WaitOne(deadline.Remaining < Pause ? deadline.Remaining : Pause);
                abort.ThrowIfSet();
                string within = $"within {Wording.Seconds(seconds)}";
                if (deadline.Passed) throw Fail($"unknown host {host} of {BootstrapAddress.Variable} {within}: {e.Message}");
            }
        }
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
