using System.Diagnostics.CodeAnalysis;

namespace Nperf.Native;

/// <summary>
/// Calls into NCCL (nccl.h). Each throws <see cref="LibraryException"/> where its status is an error. The version and the
/// texts need no more than the constructor; the rest wants <see cref="RequireAll"/> first.
/// </summary>
internal sealed unsafe partial class Nccl
{
    /// <summary>NCCL's library, as the system's loader finds it.</summary>
    public const string LibraryName = "libnccl.so.2";

    private readonly DynamicLibrary _library;
    private readonly delegate* unmanaged<int*, int> _getVersion;
    private readonly delegate* unmanaged<int, byte*> _getErrorString;
    private readonly delegate* unmanaged<nint, byte*> _getLastError;
    private delegate* unmanaged<void> _resetDebugInit;
    private int _version;

    /// <summary>Looks up the version and the texts in <paramref name="library"/>.</summary>
    /// <exception cref="LibraryException">A symbol is missing.</exception>
    public Nccl(DynamicLibrary library)
    {
        _library = library;
        _getVersion = (delegate* unmanaged<int*, int>)library.Symbol("ncclGetVersion");
        _getErrorString = (delegate* unmanaged<int, byte*>)library.Symbol("ncclGetErrorString");
        _getLastError = (delegate* unmanaged<nint, byte*>)library.OptionalSymbol("ncclGetLastError");
    }

    /// <summary>Since 2.24: whether <see cref="ResetLog"/> can be called.</summary>
    public bool HasLogReset => _resetDebugInit != null;

    /// <summary>
    /// Looks up what every version since 2.14 has, and what newer ones have where it is there; must come before calls of
    /// communicators and collectives.
    /// </summary>
    /// <exception cref="LibraryException">A symbol is missing.</exception>
    public void RequireAll()
    {
        _version = VersionCode();
        _resetDebugInit = (delegate* unmanaged<void>)_library.OptionalSymbol("ncclResetDebugInit");
        RequireCommunicators();
        RequireCollectives();
        LookUpMemory();
    }

    /// <summary>The version as NCCL_VERSION_CODE has it.</summary>
    public int VersionCode()
    {
        int code;
        Check(_getVersion(&code), "ncclGetVersion");
        return code;
    }

    /// <summary>What <paramref name="status"/> means, in NCCL's words.</summary>
    public string ErrorText(int status) => DynamicLibrary.Text(_getErrorString(status)) ?? "unknown";

    /// <summary>What last went wrong in this process, in one line; null where nothing did or NCCL does not tell.</summary>
    public string? LastError()
    {
        if (_getLastError == null || DynamicLibrary.Text(_getLastError(0)) is not { } text) return null;
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length == 0 ? null : line;
    }

    /// <summary>
    /// Lets NCCL read anew from the environment what it logs and where to: at its next line since 2.27, before that at once,
    /// and no other thread may be in NCCL then.
    /// </summary>
    public void ResetLog() => _resetDebugInit();

    // Small, to be compiled into each call; what is rare stands apart. In progress is no error.
    private void Check(int status, string call)
    {
        if (status is not ((int)NcclStatus.Success or (int)NcclStatus.InProgress)) Fail(status, call);
    }

    [DoesNotReturn]
    private void Fail(int status, string call)
    {
        string last = LastError() is { } text ? $": {text}" : "";
        throw new LibraryException($"{call} failed: {ErrorText(status)} ({status}){last}");
    }
}
