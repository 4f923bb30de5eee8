namespace Nperf.Core.MpiMode;

/// <summary>What a run with MPI runs on, for people and for the document.</summary>
/// <param name="Library">The library with its version, for example <c>Open MPI 4.1.4</c>.</param>
/// <param name="Path">The file that was loaded.</param>
/// <param name="Launcher">Who started this process as one of several, or null.</param>
internal sealed record MpiFacts(string Library, string Path, string? Launcher)
{
    /// <summary>What a reader should know, or null.</summary>
    public string? Note => Launcher is null
        ? "no MPI launcher started this process: it is a world of its own; mpirun -np N starts N"
        : null;
}
