using Nperf.Core.Options;
using Nperf.Native;

namespace Nperf.Core.NcclBackend;

/// <summary>
/// What a run's options mean for NCCL's environment variables. They are set with setenv(3), for what .NET sets stays its
/// own, and before NCCL is first called, for it reads most of them once.
/// </summary>
internal static class NcclSettings
{
    private const string DebugLevel = "NCCL_DEBUG";
    private const string DebugFile = "NCCL_DEBUG_FILE";

    /// <summary>NCCL's names for --algo.</summary>
    private static readonly Dictionary<string, string> Algorithms = new()
    {
        ["ring"] = "Ring",
        ["tree"] = "Tree",
        ["collnetdirect"] = "CollNetDirect",
        ["collnetchain"] = "CollNetChain",
        ["nvls"] = "NVLS",
        ["nvlstree"] = "NVLSTree",
        ["pat"] = "PAT",
    };

    /// <summary>NCCL's names for --proto.</summary>
    private static readonly Dictionary<string, string> Protocols = new()
    {
        ["simple"] = "Simple",
        ["ll"] = "LL",
        ["ll128"] = "LL128",
    };

    /// <summary>What --algo takes.</summary>
    public static IReadOnlyList<string> AlgorithmNames { get; } = [RunOptions.AutoName, .. Algorithms.Keys];

    /// <summary>What --proto takes.</summary>
    public static IReadOnlyList<string> ProtocolNames { get; } = [RunOptions.AutoName, .. Protocols.Keys];

    /// <summary>Sets what <paramref name="options"/> ask for; what they leave to NCCL stays as the user has it.</summary>
    /// <param name="options">The run's options.</param>
    /// <param name="process">This process's.</param>
    public static void Apply(RunOptions options, ProcessOptions process)
    {
        foreach ((string name, string value) in Of(options, process, Environment.GetEnvironmentVariable))
        {
            // For NCCL, and for the document.
            LibC.SetEnvironmentVariable(name, value);
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    /// <summary>The variables to set where <paramref name="variable"/> tells the user's.</summary>
    internal static IEnumerable<(string Name, string Value)> Of(
        RunOptions options, ProcessOptions process, Func<string, string?> variable)
    {
        string? level = variable(DebugLevel) ?? (process.ShowsNcclLog ? "INFO" : null);
        if (level is not null && variable(DebugLevel) is null) yield return (DebugLevel, level);
        // NCCL logs to standard output where nobody says otherwise, which belongs to the results.
        if (level is not null && variable(DebugFile) is null) yield return (DebugFile, "/dev/stderr");
        if (options.Algorithm != RunOptions.AutoName) yield return ("NCCL_ALGO", Algorithms[options.Algorithm]);
        if (options.Protocol != RunOptions.AutoName) yield return ("NCCL_PROTO", Protocols[options.Protocol]);
    }
}
