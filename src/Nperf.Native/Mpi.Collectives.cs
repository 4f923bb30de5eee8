namespace Nperf.Native;

// Collectives that come back when this process's part is done. Counts are of elements; a buffer may be MPI_IN_PLACE where
// MPI allows it.
internal sealed unsafe partial class Mpi
{
    private delegate* unmanaged<nuint, int> _barrier;
    private delegate* unmanaged<nint, int, nuint, int, nuint, int> _bcast;
    private delegate* unmanaged<nint, nint, int, nuint, nuint, int, nuint, int> _reduce;
    private delegate* unmanaged<nint, nint, int, nuint, nuint, nuint, int> _allreduce;
    private delegate* unmanaged<nint, nint, int, nuint, nuint, nuint, int> _reduceScatterBlock;
    private delegate* unmanaged<nint, int, nuint, nint, int, nuint, nuint, int> _allgather;
    private delegate* unmanaged<nint, int, nuint, nint, int, nuint, int, nuint, int> _gather;
    private delegate* unmanaged<nint, int, nuint, nint, int, nuint, int, nuint, int> _scatter;
    private delegate* unmanaged<nint, int, nuint, nint, int, nuint, nuint, int> _alltoall;
    private delegate* unmanaged<nint, int*, int*, nuint, nint, int*, int*, nuint, nuint, int> _alltoallv;

    /// <summary>MPI_Barrier.</summary>
    public void Barrier(nuint comm) =>
        Check(_barrier(comm), "MPI_Barrier");

    /// <summary>MPI_Bcast.</summary>
    public void Broadcast(nint buffer, int count, nuint type, int root, nuint comm) =>
        Check(_bcast(buffer, count, type, root, comm), "MPI_Bcast");

    /// <summary>MPI_Reduce.</summary>
    public void Reduce(nint send, nint receive, int count, nuint type, nuint reduction, int root, nuint comm) =>
        Check(_reduce(send, receive, count, type, reduction, root, comm), "MPI_Reduce");

    /// <summary>MPI_Allreduce.</summary>
    public void AllReduce(nint send, nint receive, int count, nuint type, nuint reduction, nuint comm) =>
        Check(_allreduce(send, receive, count, type, reduction, comm), "MPI_Allreduce");

    /// <summary>MPI_Reduce_scatter_block; <paramref name="receiveCount"/> is what each rank gets.</summary>
    public void ReduceScatter(nint send, nint receive, int receiveCount, nuint type, nuint reduction, nuint comm) =>
        Check(_reduceScatterBlock(send, receive, receiveCount, type, reduction, comm), "MPI_Reduce_scatter_block");

    /// <summary>MPI_Allgather; <paramref name="sendCount"/> is what each rank gives.</summary>
    public void AllGather(nint send, nint receive, int sendCount, nuint type, nuint comm) =>
        Check(_allgather(send, sendCount, type, receive, sendCount, type, comm), "MPI_Allgather");

    /// <summary>MPI_Gather; <paramref name="sendCount"/> is what each rank gives.</summary>
    public void Gather(nint send, nint receive, int sendCount, nuint type, int root, nuint comm) =>
        Check(_gather(send, sendCount, type, receive, sendCount, type, root, comm), "MPI_Gather");

    /// <summary>MPI_Scatter; <paramref name="receiveCount"/> is what each rank gets.</summary>
    public void Scatter(nint send, nint receive, int receiveCount, nuint type, int root, nuint comm) =>
        Check(_scatter(send, receiveCount, type, receive, receiveCount, type, root, comm), "MPI_Scatter");

    /// <summary>MPI_Alltoall; <paramref name="count"/> is what each rank gives each.</summary>
    public void AllToAll(nint send, nint receive, int count, nuint type, nuint comm) =>
        Check(_alltoall(send, count, type, receive, count, type, comm), "MPI_Alltoall");

    /// <summary>MPI_Alltoallv. Counts and offsets are in elements, one a rank.</summary>
    public void AllToAllV(
        nint send, int* sendCounts, int* sendOffsets, nint receive, int* receiveCounts, int* receiveOffsets,
        nuint type, nuint comm) =>
        Check(
            _alltoallv(send, sendCounts, sendOffsets, type, receive, receiveCounts, receiveOffsets, type, comm),
            "MPI_Alltoallv");

    private void RequireCollectives()
    {
        _barrier = (delegate* unmanaged<nuint, int>)_library.Symbol("MPI_Barrier");
        _bcast = (delegate* unmanaged<nint, int, nuint, int, nuint, int>)_library.Symbol("MPI_Bcast");
        _reduce = (delegate* unmanaged<nint, nint, int, nuint, nuint, int, nuint, int>)_library.Symbol("MPI_Reduce");
        _allreduce = (delegate* unmanaged<nint, nint, int, nuint, nuint, nuint, int>)_library.Symbol("MPI_Allreduce");
        _reduceScatterBlock = (delegate* unmanaged<nint, nint, int, nuint, nuint, nuint, int>)
            _library.Symbol("MPI_Reduce_scatter_block");
        _allgather = (delegate* unmanaged<nint, int, nuint, nint, int, nuint, nuint, int>)_library.Symbol("MPI_Allgather");
        _gather = (delegate* unmanaged<nint, int, nuint, nint, int, nuint, int, nuint, int>)_library.Symbol("MPI_Gather");
        _scatter = (delegate* unmanaged<nint, int, nuint, nint, int, nuint, int, nuint, int>)_library.Symbol("MPI_Scatter");
        _alltoall = (delegate* unmanaged<nint, int, nuint, nint, int, nuint, nuint, int>)_library.Symbol("MPI_Alltoall");
        _alltoallv = (delegate* unmanaged<nint, int*, int*, nuint, nint, int*, int*, nuint, nuint, int>)
            _library.Symbol("MPI_Alltoallv");
        RequireStartedCollectives();
    }
}
