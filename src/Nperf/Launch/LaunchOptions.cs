using Nperf.Core.Options;

namespace Nperf.Launch;

/// <summary>What <c>nperf launch</c> is to do.</summary>
internal sealed record LaunchOptions
{
    /// <summary>The hosts, the server's first.</summary>
    public required IReadOnlyList<LaunchHost> Hosts { get; init; }

    /// <summary>The options of the run, as each host gets them.</summary>
    public required RunWords Run { get; init; }

    /// <summary>Copy this program where it is missing or differs.</summary>
    public bool Copy { get; init; }

    /// <summary>Where nperf is on the hosts, or null: the usual places.</summary>
    public string? RemotePath { get; init; }

    /// <summary>What connects: a command of sh.</summary>
    public string Ssh { get; init; } = LaunchTable.DefaultSsh;

    /// <summary>The most connections to make at a time.</summary>
    public int Jobs { get; init; } = LaunchTable.DefaultJobs;

    /// <summary>Print what would be done.</summary>
    public bool DryRun { get; init; }

    /// <summary>This machine's file for the results, or null: standard output.</summary>
    public string? Output { get; init; }

    /// <summary>For each of <see cref="Core.Launch.Tether.FileOptions"/> this machine's file, or null.</summary>
    public required IReadOnlyList<string?> Files { get; init; }

    /// <summary>The token of the run, or null: one is made.</summary>
    public Token? Token { get; init; }

    /// <summary>How long a host does not hear of the launcher before it gives up, in seconds.</summary>
    public double PatienceSeconds { get; init; } = new RunOptions().TimeoutSeconds;
}
