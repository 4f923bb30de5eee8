namespace Nperf.Native;

/// <summary>Calls into NCCL (nccl.h). Each throws <see cref="LibraryException"/> where its status is an error.</summary>
internal sealed unsafe class Nccl
{
    /// <summary>NCCL's library, as the system's loader finds it.</summary>
    public const string LibraryName = "libnccl.so.2";

    private readonly delegate* unmanaged<int*, int> _getVersion;
    private readonly delegate* unmanaged<int, byte*> _getErrorString;

    /// <summary>Looks up every symbol in <paramref name="library"/>.</summary>
    /// <exception cref="LibraryException">One is missing.</exception>
    public Nccl(DynamicLibrary library)
    {
        _getVersion = (delegate* unmanaged<int*, int>)library.Symbol("ncclGetVersion");
        _getErrorString = (delegate* unmanaged<int, byte*>)library.Symbol("ncclGetErrorString");
    }

    /// <summary>The version as NCCL_VERSION_CODE has it.</summary>
    public int VersionCode()
    {
        int code;
        Check(_getVersion(&code), "ncclGetVersion");
        return code;
    }

    private void Check(int status, string call)
    {
        if (status == 0) return;
        throw new LibraryException($"{call} failed: {DynamicLibrary.Text(_getErrorString(status))} ({status})");
    }
}
