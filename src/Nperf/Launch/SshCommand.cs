using System.Diagnostics;

namespace Nperf.Launch;

/// <summary>How a host is reached: by ssh, or where the host is this one by sh.</summary>
internal static class SshCommand
{
    // No question can be answered here; a master would stay behind with this process's pipes; the last two end a
    // connection that the network swallows.
    private static readonly string[] Options =
    [
        "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ControlMaster=no", "-o", "ServerAliveInterval=10",
        "-o", "ServerAliveCountMax=3",
    ];

    /// <summary>A process that has <paramref name="command"/> run there.</summary>
    public static ProcessStartInfo ToStart(LaunchHost host, string ssh, string command)
    {
        // A terminal's signals, and those of whoever ends a whole group, are the launcher's to answer: it needs its
        // connections for that.
        string connect = $"trap \"\" INT QUIT HUP TERM; exec {ssh} \"$@\"";
        string[] words = host.IsHere ? ["-c", command] : ["-c", connect, "sh", .. Options, host.Target, command];
        return new ProcessStartInfo("/bin/sh", words)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    /// <summary>The same as a person would type it.</summary>
    public static string ToType(LaunchHost host, string ssh, string command) => host.IsHere
        ? ShellText.Command(["sh", "-c", command])
        : $"{ssh} {ShellText.Command([.. Options, host.Target, command])}";
}
