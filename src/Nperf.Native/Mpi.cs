using System.Diagnostics.CodeAnalysis;

namespace Nperf.Native;

/// <summary>
/// Calls into an MPI library (mpi.h). Each throws <see cref="LibraryException"/> where it reports an error. Handles are as
/// wide as an address whatever the library has; its values are in <see cref="Handles"/>.
/// </summary>
/// <remarks>
/// Nothing in it takes locks: who calls keeps to the thread level that <see cref="InitThread"/> gave.
/// </remarks>
internal sealed unsafe partial class Mpi
{
    /// <summary>No library's MPI_MAX_LIBRARY_VERSION_STRING is above the standard's.</summary>
    internal const int VersionTextBytes = 8192;

    /// <summary>No library's MPI_MAX_ERROR_STRING is above the standard's.</summary>
    internal const int ErrorTextBytes = 512;

    private readonly DynamicLibrary _library;
    private readonly delegate* unmanaged<byte*, int*, int> _getLibraryVersion;
    private readonly delegate* unmanaged<int*, int*, int> _getVersion;
    private readonly delegate* unmanaged<int*, int*, int> _abiGetVersion;
    private readonly delegate* unmanaged<int, byte*, int*, int> _errorString;
    private delegate* unmanaged<int*, int> _initialized;
    private delegate* unmanaged<int*, byte***, int, int*, int> _initThread;
    private delegate* unmanaged<int> _finalize;
    private delegate* unmanaged<nuint, int, int> _abort;

    /// <summary>Looks up what tells the library's kind in <paramref name="library"/>, and asks it.</summary>
    /// <exception cref="LibraryException">A symbol is missing, or it is of no kind that nperf knows.</exception>
    public Mpi(DynamicLibrary library)
    {
        _library = library;
        _getLibraryVersion = (delegate* unmanaged<byte*, int*, int>)library.Symbol("MPI_Get_library_version");
        _getVersion = (delegate* unmanaged<int*, int*, int>)library.Symbol("MPI_Get_version");
        _abiGetVersion = (delegate* unmanaged<int*, int*, int>)library.OptionalSymbol("MPI_Abi_get_version");
        _errorString = (delegate* unmanaged<int, byte*, int*, int>)library.Symbol("MPI_Error_string");
        LibraryVersion = ReadLibraryVersion();
        Flavor = DetectFlavor();
        Handles = MpiHandles.Of(Flavor, library);
    }

    /// <summary>The file that was loaded, links followed.</summary>
    public string Path => _library.Path;

    /// <summary>The library's binary interface.</summary>
    public MpiFlavor Flavor { get; }

    /// <summary>The library's handles and constants.</summary>
    public MpiHandles Handles { get; }

    /// <summary>What the library says of itself: its name, version and more, on one or several lines.</summary>
    public string LibraryVersion { get; }

    /// <summary>
    /// Looks up everything else; must come before the calls below. Open MPI's plug-ins find its symbols from now on.
    /// </summary>
    /// <exception cref="LibraryException">A symbol is missing.</exception>
    public void RequireAll()
    {
        _initialized = (delegate* unmanaged<int*, int>)_library.Symbol("MPI_Initialized");
        _initThread = (delegate* unmanaged<int*, byte***, int, int*, int>)_library.Symbol("MPI_Init_thread");
        _finalize = (delegate* unmanaged<int>)_library.Symbol("MPI_Finalize");
        _abort = (delegate* unmanaged<nuint, int, int>)_library.Symbol("MPI_Abort");
        RequireCommunicators();
        RequireMessages();
        RequireCollectives();
        if (Flavor != MpiFlavor.Mpich) _library.ShareSymbols();
    }

    /// <summary>MPI_Initialized.</summary>
    public bool Initialized()
    {
        int flag;
        Check(_initialized(&flag), "MPI_Initialized");
        return flag != 0;
    }

    /// <summary>MPI_Init_thread: the thread level that was given, where <paramref name="required"/> was asked for.</summary>
    public int InitThread(int required)
    {
        int provided;
        Check(_initThread(null, null, required, &provided), "MPI_Init_thread");
        return provided;
    }

    /// <summary>MPI_Finalize.</summary>
    public void Complete() => Check(_finalize(), "MPI_Finalize");

    /// <summary>MPI_Abort: ends all processes of the job, this one too; comes back where the library could not.</summary>
    public void Abort(nuint comm, int exitCode) => Check(_abort(comm, exitCode), "MPI_Abort");

    // Small, to be compiled into each call; what is rare stands apart.
    private void Check(int status, string call)
    {
        if (status != 0) Fail(status, call);
    }

    [DoesNotReturn]
    private void Fail(int status, string call)
    {
        byte* buffer = stackalloc byte[ErrorTextBytes];
        int length;
        string text = _errorString(status, buffer, &length) == 0
            ? OneLine(DynamicLibrary.Text(new ReadOnlySpan<byte>(buffer, ErrorTextBytes)))
            : "no text for it";
        throw new LibraryException($"{call} failed: {text} ({status})");
    }

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private string ReadLibraryVersion()
    {
        byte* buffer = stackalloc byte[VersionTextBytes];
        int length;
        Check(_getLibraryVersion(buffer, &length), "MPI_Get_library_version");
        return DynamicLibrary.Text(new ReadOnlySpan<byte>(buffer, VersionTextBytes));
    }

    // By what the library says of its interface before what symbols it has: those of Open MPI are behind its standard
    // interface too.
    private MpiFlavor DetectFlavor()
    {
        if (HasStandardInterface())
        {
            int version, subversion;
            Check(_getVersion(&version, &subversion), "MPI_Get_version");
            if (version < 5 && LibraryVersion.StartsWith("MPICH", StringComparison.Ordinal))
            {
                throw new LibraryException(
                    $"it has a draft of the standard binary interface, of MPI {version}.{subversion}; it came with 5.0");
            }

            return MpiFlavor.Standard;
        }

        if (_library.OptionalSymbol("ompi_mpi_comm_world") != 0) return MpiFlavor.OpenMpi;
        // Its relatives have it too, under whatever name they present themselves.
        if (_library.OptionalSymbol("MPIR_Dup_fn") != 0) return MpiFlavor.Mpich;
        throw new LibraryException(
            $"it is neither Open MPI nor MPICH and does not have the standard binary interface: {OneLine(LibraryVersion)}");
    }

    private bool HasStandardInterface()
    {
        if (_abiGetVersion == null) return false;
        int major, minor;
        Check(_abiGetVersion(&major, &minor), "MPI_Abi_get_version");
        return major >= 1;
    }
}
