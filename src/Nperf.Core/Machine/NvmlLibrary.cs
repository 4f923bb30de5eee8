using Nperf.Native;

namespace Nperf.Core.Machine;

/// <summary>NVML, the library that nvidia-smi shows the state of GPUs with.</summary>
internal sealed record NvmlLibrary
{
    /// <summary>The file that was loaded, or null where there is none.</summary>
    public string? LibraryPath { get; private init; }

    /// <summary>The driver's version, for example <c>580.95.05</c>; null where it could not be asked.</summary>
    public string? DriverVersion { get; private init; }

    /// <summary>Why something is missing above, in one line, or null.</summary>
    public string? Problem { get; private init; }

    /// <summary>
    /// Loads NVML and asks it. <paramref name="library"/> is a path, or a name for the system's loader;
    /// null means the usual one.
    /// </summary>
    public static NvmlLibrary Look(string? library = null)
    {
        var found = new NvmlLibrary();
        try
        {
            DynamicLibrary opened = DynamicLibrary.Open(library ?? Nvml.DefaultLibrary);
            found = found with { LibraryPath = opened.Path };
            var nvml = new Nvml(opened);
            nvml.Init();
            found = found with { DriverVersion = nvml.DriverVersion() };
            nvml.Shutdown();
            return found;
        }
        catch (LibraryException cause)
        {
            return found with { Problem = cause.Message };
        }
    }
}
