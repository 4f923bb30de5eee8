namespace Nperf.Native;

// Communicators: a rank's part in a world.
internal sealed unsafe partial class Nccl
{
    private delegate* unmanaged<NcclUniqueId*, int> _getUniqueId;
    private delegate* unmanaged<nint*, int, NcclUniqueId, int, NcclConfigBlock*, int> _commInitRankConfig;
    private delegate* unmanaged<nint, int> _commFinalize;
    private delegate* unmanaged<nint, int> _commDestroy;
    private delegate* unmanaged<nint, int> _commAbort;
    private delegate* unmanaged<nint, int*, int> _commGetAsyncError;

    /// <summary>A new world's id; this process listens for the world's ranks from now on.</summary>
    public NcclUniqueId GetUniqueId()
    {
        NcclUniqueId id;
        Check(_getUniqueId(&id), "ncclGetUniqueId");
        return id;
    }

    /// <summary>
    /// Joins the world of <paramref name="id"/> as <paramref name="rank"/>, with the GPU that is current to the thread.
    /// Where the communicator does not block it may still be starting; <see cref="AsyncError"/> tells.
    /// </summary>
    /// <exception cref="LibraryException">It failed, or this NCCL is too old for something in the config.</exception>
    public nint InitRank(int worldSize, NcclUniqueId id, int rank, NcclConfig config)
    {
        NcclConfigBlock block = NcclConfigBlock.For(config, _version);
        nint comm = 0;
        Check(_commInitRankConfig(&comm, worldSize, id, rank, &block), "ncclCommInitRankConfig");
        return comm;
    }

    /// <summary>Lets the communicator finish what it was given, together with all other ranks.</summary>
    public void Finalize(nint comm) => Check(_commFinalize(comm), "ncclCommFinalize");

    /// <summary>Ends the communicator.</summary>
    public void Destroy(nint comm) => Check(_commDestroy(comm), "ncclCommDestroy");

    /// <summary>Ends the communicator with all that still runs.</summary>
    public void Abort(nint comm) => Check(_commAbort(comm), "ncclCommAbort");

    /// <summary>What has become of the communicator: a <see cref="NcclStatus"/>.</summary>
    public int AsyncError(nint comm)
    {
        int state;
        Check(_commGetAsyncError(comm, &state), "ncclCommGetAsyncError");
        return state;
    }

    private void RequireCommunicators()
    {
        _getUniqueId = (delegate* unmanaged<NcclUniqueId*, int>)_library.Symbol("ncclGetUniqueId");
        _commInitRankConfig = (delegate* unmanaged<nint*, int, NcclUniqueId, int, NcclConfigBlock*, int>)
            _library.Symbol("ncclCommInitRankConfig");
        _commFinalize = (delegate* unmanaged<nint, int>)_library.Symbol("ncclCommFinalize");
        _commDestroy = (delegate* unmanaged<nint, int>)_library.Symbol("ncclCommDestroy");
        _commAbort = (delegate* unmanaged<nint, int>)_library.Symbol("ncclCommAbort");
        _commGetAsyncError = (delegate* unmanaged<nint, int*, int>)_library.Symbol("ncclCommGetAsyncError");
    }
}
