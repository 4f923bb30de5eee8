namespace Nperf.Native;

// Communicators: groups of processes that messages and collectives keep to.
internal sealed unsafe partial class Mpi
{
    private delegate* unmanaged<nuint, int*, int> _commRank;
    private delegate* unmanaged<nuint, int*, int> _commSize;
    private delegate* unmanaged<nuint, nuint*, int> _commDup;
    private delegate* unmanaged<nuint, int, int, nuint*, int> _commSplit;
    private delegate* unmanaged<nuint*, int> _commFree;
    private delegate* unmanaged<nuint, nuint, int> _commSetErrhandler;

    /// <summary>MPI_Comm_rank: this process's place, from 0.</summary>
    public int Rank(nuint comm)
    {
        int rank;
        Check(_commRank(comm, &rank), "MPI_Comm_rank");
        return rank;
    }

    /// <summary>MPI_Comm_size.</summary>
    public int Size(nuint comm)
    {
        int size;
        Check(_commSize(comm, &size), "MPI_Comm_size");
        return size;
    }

    /// <summary>MPI_Comm_dup, by all processes of <paramref name="comm"/>: the same, for messages of its own.</summary>
    public nuint Duplicate(nuint comm)
    {
        nuint duplicate = 0;
        Check(_commDup(comm, &duplicate), "MPI_Comm_dup");
        return duplicate;
    }

    /// <summary>
    /// MPI_Comm_split, by all processes of <paramref name="comm"/>: that of the processes that give the same
    /// <paramref name="color"/>, in the order of <paramref name="key"/>.
    /// </summary>
    public nuint Split(nuint comm, int color, int key)
    {
        nuint part = 0;
        Check(_commSplit(comm, color, key, &part), "MPI_Comm_split");
        return part;
    }

    /// <summary>MPI_Comm_free, by all processes of <paramref name="comm"/>.</summary>
    public void Free(nuint comm) => Check(_commFree(&comm), "MPI_Comm_free");

    /// <summary>MPI_Comm_set_errhandler with MPI_ERRORS_RETURN: errors are returned, and do not end the job.</summary>
    public void ReturnErrors(nuint comm) =>
        Check(_commSetErrhandler(comm, Handles[MpiHandle.ErrorsReturn]), "MPI_Comm_set_errhandler");

    private void RequireCommunicators()
    {
        _commRank = (delegate* unmanaged<nuint, int*, int>)_library.Symbol("MPI_Comm_rank");
        _commSize = (delegate* unmanaged<nuint, int*, int>)_library.Symbol("MPI_Comm_size");
        _commDup = (delegate* unmanaged<nuint, nuint*, int>)_library.Symbol("MPI_Comm_dup");
        _commSplit = (delegate* unmanaged<nuint, int, int, nuint*, int>)_library.Symbol("MPI_Comm_split");
        _commFree = (delegate* unmanaged<nuint*, int>)_library.Symbol("MPI_Comm_free");
        _commSetErrhandler = (delegate* unmanaged<nuint, nuint, int>)_library.Symbol("MPI_Comm_set_errhandler");
    }
}
