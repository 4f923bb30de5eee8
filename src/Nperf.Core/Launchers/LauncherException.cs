namespace Nperf.Core.Launchers;

/// <summary>A launcher's variables are there, and a run cannot be made of them; the message names them, in one line.</summary>
internal sealed class LauncherException(string message) : Exception(message)
{
    /// <summary>What a person does who wants none of it.</summary>
    internal const string WayOut = "choose the mode (--local, -s, -c HOST, --mpi)";
}
