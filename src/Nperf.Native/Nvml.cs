namespace Nperf.Native;

/// <summary>Calls into NVML (nvml.h). Each throws <see cref="LibraryException"/> where its status is an error.</summary>
internal sealed unsafe partial class Nvml
{
    /// <summary>NVML's library, as the system's loader finds it.</summary>
    public const string LibraryName = "libnvidia-ml.so.1";

    /// <summary>NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE.</summary>
    private const int VersionBytes = 80;

    private readonly DynamicLibrary _library;
    private readonly Dictionary<string, nint> _furtherSymbols = [];
    private readonly delegate* unmanaged<int> _init;
    private readonly delegate* unmanaged<int> _shutdown;
    private readonly delegate* unmanaged<byte*, uint, int> _systemGetDriverVersion;
    private readonly delegate* unmanaged<int, byte*> _errorString;

    /// <summary>Looks up what every use needs in <paramref name="library"/>; the rest when it is called.</summary>
    /// <exception cref="LibraryException">A symbol is missing.</exception>
    public Nvml(DynamicLibrary library)
    {
        _library = library;
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

    private nint Further(string name) =>
        TryFurther(name, out nint address) ? address : throw new LibraryException($"there is no symbol {name} in it");

    // What describes GPUs and links came with different drivers: a missing symbol costs only what it would have told.
    private bool TryFurther(string name, out nint address)
    {
        if (!_furtherSymbols.TryGetValue(name, out address))
        {
            try
            {
                address = _library.Symbol(name);
            }
            catch (LibraryException)
            {
                address = 0;
            }

            _furtherSymbols.Add(name, address);
        }

        return address != 0;
    }

    private void Check(int status, string call)
    {
        if (status == 0) return;
        throw new LibraryException($"{call} failed: {DynamicLibrary.Text(_errorString(status))} ({status})");
    }
}
