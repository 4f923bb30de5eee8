using Nperf.Core.Options;

namespace Nperf.Arguments;

/// <summary>
/// <c>--nccl-bootstrap</c>: the place is that of <c>--rank</c> and <c>--world-size</c>, the address NCCL_COMM_ID's. NCCL
/// listens at that port itself, so that the control connections take another: the next, or that of <c>-p</c>.
/// </summary>
internal static class BootstrapArguments
{
    /// <summary>The name of the mode.</summary>
    public const string ModeName = "nccl-bootstrap";

    private const int LastPort = 65535;

    /// <summary>Reads the place; a wrong one is noted, and the first of one then stands for it.</summary>
    /// <param name="given">The command line.</param>
    /// <param name="most">The most processes there can be.</param>
    public static AssignedPlace ReadPlace(GivenOptions given, int most)
    {
        int rank = given.Read(OptionTable.Rank, Values.Whole(0, most - 1), 0);
        int size = given.Read(OptionTable.WorldSize, Values.Whole(1, most), 1);
        string[] missing = [.. new[] { OptionTable.Rank, OptionTable.WorldSize }
            .Where(option => !given.Has(option)).Select(option => $"{option.Name} {option.Value}")];
        if (missing.Length > 0)
            given.Refuse(OptionTable.NcclBootstrap, $"needs {string.Join(" and ", missing)}");
        else if (given.HasGood(OptionTable.Rank) && given.HasGood(OptionTable.WorldSize) && rank >= size)
            given.Refuse(OptionTable.Rank, $"'{rank}' is none of {size}; ranks go from 0 to {size - 1} (--world-size)");
        return rank < size ? new AssignedPlace(rank, size) : new AssignedPlace(0, 1);
    }

    /// <summary>Reads NCCL's address and the port of the control connections.</summary>
    /// <param name="given">The command line.</param>
    /// <param name="value">The value of NCCL_COMM_ID, or null.</param>
    public static (BootstrapAddress? Address, int ControlPort) ReadAddress(GivenOptions given, string? value)
    {
        const string Form = "host:port of rank 0, the same for all ranks, for example node1:5200";
        int controlPort = given.Read(OptionTable.Port, Values.Whole(1, LastPort), ProcessOptions.DefaultPort);
        if (string.IsNullOrEmpty(value))
            return Refuse($"needs {BootstrapAddress.Variable} in the environment: {Form}");
        string named = $"{BootstrapAddress.Variable} '{value}'";
        if (HostAndPort.Read(value, out (string? Host, int? Port) place) is { } mistake) return Refuse($"{named} {mistake}");
        if (place.Port is not { } port) return Refuse($"{named} has no port; {Form}");
        if (!given.Has(OptionTable.Port))
        {
            if (port == LastPort)
                return Refuse($"{named} leaves no port behind it for nperf's control connections; name one with -p");
            controlPort = port + 1;
        }
        else if (given.HasGood(OptionTable.Port) && controlPort == port)
        {
            given.Refuse(
                OptionTable.Port,
                $"{port} is NCCL's own ({BootstrapAddress.Variable}); name another, for nperf's control connections");
        }

        return (new BootstrapAddress(place.Host!, port), controlPort);

        (BootstrapAddress?, int) Refuse(string mistake)
        {
            given.Refuse(OptionTable.NcclBootstrap, mistake);
            return (null, controlPort);
        }
    }
}
