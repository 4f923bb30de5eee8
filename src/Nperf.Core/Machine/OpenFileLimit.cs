using Nperf.Native;

namespace Nperf.Core.Machine;

/// <summary>How many files and connections this process may have open: a server has a connection for each client.</summary>
internal static class OpenFileLimit
{
    /// <summary>Raises the limit as far as the user may, for this process and those that it starts; else it stays as it is.</summary>
    public static void Raise() => _ = LibC.TryRaiseOpenFiles();
}
