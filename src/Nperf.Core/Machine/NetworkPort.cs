using System.Globalization;
using System.Net.NetworkInformation;

namespace Nperf.Core.Machine;

/// <summary>A network interface, up or not.</summary>
internal sealed record NetworkPort
{
    private const int FlagUp = 1;

    /// <summary>Its name, for <c>--interface</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The kernel's word: <c>up</c>, <c>down</c>, <c>lowerlayerdown</c> and so on.</summary>
    public string State { get; init; } = "unknown";

    /// <summary>Its addresses, as text.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Its speed in Mbit/s, where it says one.</summary>
    public long? SpeedMegabits { get; init; }

    /// <summary>The largest packet, in bytes, where it says one.</summary>
    public long? MtuBytes { get; init; }

    /// <summary>All interfaces of this machine, as the system lists them.</summary>
    /// <exception cref="RunException">The system does not tell.</exception>
    public static IReadOnlyList<NetworkPort> All()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces().Select(one => Read(
                "/sys/class/net", one.Name, [.. one.GetIPProperties().UnicastAddresses.Select(of => of.Address.ToString())]))];
        }
        catch (NetworkInformationException cause)
        {
            throw new RunException(FailureKind.Error, $"cannot list the network interfaces: {cause.Message}", cause);
        }
    }

    /// <summary>What the kernel says of <paramref name="name"/> in <paramref name="folder"/>, its class of devices.</summary>
    internal static NetworkPort Read(string folder, string name, IReadOnlyList<string> addresses)
    {
        string state = TextFile.ReadOrNull($"{folder}/{name}/operstate") ?? "unknown";
        // Interfaces without a cable (lo, tunnels) do not know their state; whether they were switched on is their flag.
        if (state == "unknown" && IsSwitchedOn(TextFile.ReadOrNull($"{folder}/{name}/flags"))) state = "up";
        return new NetworkPort
        {
            Name = name,
            State = state,
            Addresses = addresses,
            SpeedMegabits = Positive(TextFile.ReadOrNull($"{folder}/{name}/speed")),
            MtuBytes = Positive(TextFile.ReadOrNull($"{folder}/{name}/mtu")),
        };
    }

    /// <summary>Whether the flags of an interface, such as <c>0x1003</c>, say that it is up.</summary>
    internal static bool IsSwitchedOn(string? flags) =>
        flags is ['0', 'x', ..]
        && int.TryParse(flags.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int bits)
        && (bits & FlagUp) != 0;

    // A virtual interface may say -1.
    private static long? Positive(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value > 0 ? value : null;
}
