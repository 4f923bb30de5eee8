using System.Net;
using System.Net.Sockets;
using Nperf.Core.Host.Tcp;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Native;

namespace Nperf.Core.NcclBackend;

/// <summary>
/// NCCL_COMM_ID as this process's NCCL is to find it. Rank 0's makes the id of it and listens there; the others are given
/// that id, as in any run, for those that they would make themselves differ from 2.16 to 2.21 (bootstrapGetUniqueId in
/// NCCL's bootstrap.cc).
/// </summary>
internal static class NcclCommId
{
    /// <summary>Sets or takes out the variable, before NCCL is first called.</summary>
    /// <exception cref="RunException">Rank 0's NCCL could not listen: its port is taken.</exception>
    public static void Settle(Control control, ProcessOptions process)
    {
        string? users = Environment.GetEnvironmentVariable(BootstrapAddress.Variable);
        string? value = Of(control, process.Bootstrap, users, InterfaceAddress.All());
        if (value is not null && control.Self.Index == 0 && process.Bootstrap is { Port: var port })
            RequireFreePort(control.Self, port);
        if (value == users) return;
        LibC.SetEnvironmentVariable(BootstrapAddress.Variable, value);
        Environment.SetEnvironmentVariable(BootstrapAddress.Variable, value);
    }

    /// <summary>The value, or null for none.</summary>
    /// <param name="control">The run.</param>
    /// <param name="bootstrap">What the user named as NCCL's address; null where the run has no business with it.</param>
    /// <param name="users">The variable as the user has it.</param>
    /// <param name="own">This machine's addresses.</param>
    internal static string? Of(
        Control control, BootstrapAddress? bootstrap, string? users, IReadOnlyList<InterfaceAddress> own)
    {
        // One address is one communicator's: every other rank 0 would listen there too, and NCCL lets it (SO_REUSEPORT).
        if (control.Options.Split is not null) return null;
        if (bootstrap is null) return users;

        // Where clients did reach rank 0: its own name for itself may be a loopback address.
        bool isReached = IPAddress.TryParse(control.World.Processes[0].Address, out IPAddress? address);
        if (!isReached || address!.IsIPv6LinkLocal) return users;

        // Told of an address on no network of its own NCCL gives up (bootstrapNetInit); with the id it needs none.
        if (control.Self.Index > 0 && !own.Any(one => one.SharesNetwork(address))) return null;
        return new BootstrapAddress(address.ToString(), bootstrap.Port).ToString();
    }

    private static void RequireFreePort(ProcessInfo self, int port)
    {
        if (!IPAddress.TryParse(self.Address, out IPAddress? address)) return;
        try
        {
            using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, port));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new RunException(
                FailureKind.Error,
                $"port {port} of {BootstrapAddress.Variable}, where NCCL is to listen, is in use on {self.Host}: "
                + $"choose another for all ranks, or find its owner with: ss -ltnp 'sport = :{port}'");
        }
    }
}
