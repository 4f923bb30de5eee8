using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Host.Tcp;

/// <summary>An address of this machine and the interface that has it.</summary>
internal sealed record InterfaceAddress(string Interface, IPAddress Address)
{
    /// <summary>True for an address that only means something on one cable: it is not offered to peers.</summary>
    public bool IsLinkLocal =>
        Address.IsIPv6LinkLocal
        || (Address.AddressFamily == AddressFamily.InterNetwork && Address.GetAddressBytes() is [169, 254, ..]);

    /// <summary>How many of the address's first bits are its network's.</summary>
    public int PrefixLength { get; init; } = 8 * Address.GetAddressBytes().Length;

    /// <summary>True where <paramref name="other"/> is on the network of this address.</summary>
    public bool SharesNetwork(IPAddress other) =>
        other.AddressFamily == Address.AddressFamily
        && SamePrefix(other.GetAddressBytes(), Address.GetAddressBytes(), PrefixLength);

    /// <summary>Every address of the interfaces that are up, as the system lists them.</summary>
    /// <exception cref="RunException">The system does not tell.</exception>
    public static IReadOnlyList<InterfaceAddress> All()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces()
                .Where(one => one.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
                .SelectMany(one => one.GetIPProperties().UnicastAddresses
                    .Select(unicast => new InterfaceAddress(one.Name, unicast.Address) { PrefixLength = unicast.PrefixLength }))];
        }
        catch (NetworkInformationException cause)
        {
            throw new RunException(FailureKind.Error, $"cannot list the network interfaces: {cause.Message}", cause);
        }
    }

    /// <summary>
    /// The address by which this machine most likely reaches others, or null: of the interfaces with a gateway, or else of any,
    /// the first that is of use beyond the machine; IPv4 before IPv6.
    /// </summary>
    public static IPAddress? OfDefaultRoute()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .Where(one => one.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
                .Select(one => (one.Name, Properties: one.GetIPProperties()))
                .SelectMany(one => one.Properties.UnicastAddresses.Select(unicast => (
                    Address: new InterfaceAddress(one.Name, unicast.Address), HasGateway: one.Properties.GatewayAddresses.Count > 0)))
                .Where(one => !one.Address.IsLinkLocal && !IPAddress.IsLoopback(one.Address.Address))
                .OrderByDescending(one => one.HasGateway)
                .ThenBy(one => one.Address.Address.AddressFamily != AddressFamily.InterNetwork)
                .FirstOrDefault().Address?.Address;
        }
        catch (NetworkInformationException)
        {
            // Without one, data goes where it can.
            return null;
        }
    }

    /// <summary>
    /// The address that <paramref name="choice"/> (<c>--interface</c>: a name, or a range as <c>10.0.0.0/8</c>) means among
    /// <paramref name="all"/>: preferably of <paramref name="family"/>, which the control connection uses.
    /// </summary>
    /// <exception cref="RunException">It means none; the message lists what there is.</exception>
    public static InterfaceAddress Choose(string choice, IReadOnlyList<InterfaceAddress> all, AddressFamily family)
    {
        bool isRange = choice.Contains('/', StringComparison.Ordinal);
        Func<InterfaceAddress, bool> matches = isRange
            ? Range(choice)
            : one => one.Interface == choice && !one.IsLinkLocal;
        InterfaceAddress? chosen = all.Where(matches).OrderBy(one => one.Address.AddressFamily != family).FirstOrDefault();
        if (chosen is not null) return chosen;
        string problem = isRange ? "no address of this machine is in that range"
            : all.Any(one => one.Interface == choice) ? "that interface has no address to use"
            : "there is no such interface that is up and has an address";
        throw new RunException(FailureKind.Error, $"--interface {choice}: {problem}; {ThisProcess.Host} has {List(all)}");
    }

    private static Func<InterfaceAddress, bool> Range(string choice)
    {
        string[] parts = choice.Split('/', 2);
        if (!IPAddress.TryParse(parts[0], out IPAddress? network)
            || !byte.TryParse(parts[1], out byte bits)
            || bits > 8 * network.GetAddressBytes().Length)
        {
            throw new RunException(
                FailureKind.Error, $"--interface {choice}: not a range of addresses; write one as 10.0.0.0/8 or fd00::/8");
        }

        byte[] wanted = network.GetAddressBytes();
        return one => one.Address.AddressFamily == network.AddressFamily
            && SamePrefix(one.Address.GetAddressBytes(), wanted, bits);
    }

    private static bool SamePrefix(byte[] left, byte[] right, int bits)
    {
        for (int bit = 0; bit < bits; bit++)
            if (((left[bit / 8] ^ right[bit / 8]) & (0x80 >> (bit % 8))) != 0) return false;

        return true;
    }

    private static string List(IReadOnlyList<InterfaceAddress> all) =>
        all.Count == 0 ? "none" : string.Join(", ", all.Select(one => $"{one.Interface} ({one.Address})"));
}
