namespace Nperf.Native;

// Memory that NCCL gives, and memory that it is told of before it is used. All of it is newer than the oldest version, so
// each group of calls says whether it is there.
internal sealed unsafe partial class Nccl
{
    /// <summary>NCCL_WIN_COLL_SYMMETRIC: the window is at the same offset on all ranks.</summary>
    internal const int SymmetricWindow = 1;

    private delegate* unmanaged<nint*, nuint, int> _memAlloc;
    private delegate* unmanaged<nint, int> _memFree;
    private delegate* unmanaged<nint, nint, nuint, nint*, int> _commRegister;
    private delegate* unmanaged<nint, nint, int> _commDeregister;
    private delegate* unmanaged<nint, nint, nuint, nint*, int, int> _commWindowRegister;
    private delegate* unmanaged<nint, nint, int> _commWindowDeregister;

    /// <summary>Since 2.19: whether <see cref="Allocate"/> and <see cref="Free"/> can be called.</summary>
    public bool HasMemAlloc => _memAlloc != null && _memFree != null;

    /// <summary>Since 2.19: whether <see cref="Register"/> and <see cref="Deregister"/> can be called.</summary>
    public bool HasRegister => _commRegister != null && _commDeregister != null;

    /// <summary>Since 2.27: whether <see cref="RegisterWindow"/> and <see cref="DeregisterWindow"/> can be called.</summary>
    public bool HasWindows => _commWindowRegister != null && _commWindowDeregister != null;

    /// <summary>New memory of the current GPU that fits every kind of registration.</summary>
    public nint Allocate(long bytes)
    {
        nint address;
        Check(_memAlloc(&address, checked((nuint)bytes)), "ncclMemAlloc");
        return address;
    }

    /// <summary>Gives back what <see cref="Allocate"/> gave.</summary>
    public void Free(nint address) => Check(_memFree(address), "ncclMemFree");

    /// <summary>Tells the communicator of a buffer; gives what <see cref="Deregister"/> wants.</summary>
    public nint Register(nint comm, nint address, long bytes)
    {
        nint handle = 0;
        Check(_commRegister(comm, address, checked((nuint)bytes), &handle), "ncclCommRegister");
        return handle;
    }

    /// <summary>Takes back <see cref="Register"/>.</summary>
    public void Deregister(nint comm, nint handle) => Check(_commDeregister(comm, handle), "ncclCommDeregister");

    /// <summary>
    /// Registers a buffer together with all ranks, <paramref name="flags"/> being 0 or <see cref="SymmetricWindow"/>; gives what
    /// <see cref="DeregisterWindow"/> wants, 0 where this machine has no windows.
    /// </summary>
    public nint RegisterWindow(nint comm, nint address, long bytes, int flags)
    {
        nint window = 0;
        Check(
            _commWindowRegister(comm, address, checked((nuint)bytes), &window, flags), "ncclCommWindowRegister");
        return window;
    }

    /// <summary>Takes back <see cref="RegisterWindow"/>.</summary>
    public void DeregisterWindow(nint comm, nint window) =>
        Check(_commWindowDeregister(comm, window), "ncclCommWindowDeregister");

    private void LookUpMemory()
    {
        _memAlloc = (delegate* unmanaged<nint*, nuint, int>)_library.OptionalSymbol("ncclMemAlloc");
        _memFree = (delegate* unmanaged<nint, int>)_library.OptionalSymbol("ncclMemFree");
        _commRegister =
            (delegate* unmanaged<nint, nint, nuint, nint*, int>)_library.OptionalSymbol("ncclCommRegister");
        _commDeregister = (delegate* unmanaged<nint, nint, int>)_library.OptionalSymbol("ncclCommDeregister");
        _commWindowRegister =
            (delegate* unmanaged<nint, nint, nuint, nint*, int, int>)_library.OptionalSymbol("ncclCommWindowRegister");
        _commWindowDeregister =
            (delegate* unmanaged<nint, nint, int>)_library.OptionalSymbol("ncclCommWindowDeregister");
    }
}
