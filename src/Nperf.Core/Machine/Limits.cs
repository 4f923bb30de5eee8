using System.Globalization;

namespace Nperf.Core.Machine;

/// <summary>The limits of this process that runs on many ranks or GPUs meet. Null where the system does not tell.</summary>
/// <param name="LockedMemory">Memory that may be locked, in bytes (<c>ulimit -l</c>): RDMA needs much.</param>
/// <param name="OpenFiles">
/// Files and sockets open at once (<c>ulimit -n</c>), after nperf raised the limit as far as it may.
/// </param>
internal sealed record Limits(long? LockedMemory, long? OpenFiles)
{
    /// <summary>What stands for no limit.</summary>
    public const long Unlimited = long.MaxValue;

    /// <summary>Those of this process.</summary>
    public static Limits OfThisProcess() => Parse(TextFile.ReadOrNull("/proc/self/limits") ?? "");

    /// <summary>From <c>/proc/PID/limits</c> (proc_pid_limits(5)): the soft limit stands after the name.</summary>
    internal static Limits Parse(string text) => new(Soft(text, "Max locked memory"), Soft(text, "Max open files"));

    private static long? Soft(string text, string name)
    {
        string? line = text.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        string? first = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        if (first == "unlimited") return Unlimited;
        return long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) ? limit : null;
    }
}
