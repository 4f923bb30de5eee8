namespace Nperf.Native;

/// <summary>Calls into NVML (nvml.h). Each throws <see cref="LibraryException"/> where its status is an error.</summary>
internal sealed unsafe class Nvml
{
    /// <summary>NVML's library: the one that NPERF_NVML_LIB names, else as the system's loader finds it.</summary>
    public static string DefaultLibrary => DynamicLibrary.NameFrom("NPERF_NVML_LIB") ?? "libnvidia-ml.so.1";

    /// <summary>NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE.</summary>
    internal const int VersionBytes = 80;

    private readonly delegate* unmanaged<int> _init;
    private readonly delegate* unmanaged<int> _shutdown;
    private readonly delegate* unmanaged<byte*, uint, int> _systemGetDriverVersion;
    private readonly delegate* unmanaged<int, byte*> _errorString;

    /// <summary>Looks up every symbol in <paramref name="library"/>.</summary>
    /// <exception cref="LibraryException">One is missing.</exception>
    public Nvml(DynamicLibrary library)
    {
        _init = (delegate* unmanaged<int>)library.Symbol("nvmlInit_v2");
        _shutdown = (delegate* unmanaged<int>)library.Symbol("nvmlShutdown");
        _systemGetDriverVersion = (delegate* unmanaged<byte*, uint, int>)library.Symbol("nvmlSystemGetDriverVersion");
        _errorString = (delegate* unmanaged<int, byte*>)library.Symbol("nvmlErrorString");
    }

    /// <summary>Must come before the other calls; each wants its <see cref="Shutdown"/>.</summary>
    public void Init() => Check(_init(), "nvmlInit_v2");

    /// <summary>Gives back what <see cref="Init"/> took.</summary>
    public void Shutdown() => Check(_shutdown(), "nvmlShutdown");

    /// <summary>The driver's version, for example <c>580.95.05</c>.</summary>
    public string DriverVersion()
    {
        byte* version = stackalloc byte[VersionBytes];
        Check(_systemGetDriverVersion(version, VersionBytes), "nvmlSystemGetDriverVersion");
        return DynamicLibrary.Text(new ReadOnlySpan<byte>(version, VersionBytes));
    }

    private void Check(int status, string call)
    {
        if (status == 0) return;
        throw new LibraryException($"{call} failed: {DynamicLibrary.Text(_errorString(status))} ({status})");
    }
}
