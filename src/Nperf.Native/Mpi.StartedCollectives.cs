namespace Nperf.Native;

// The same collectives, started only: each gives a request, and the buffers stay in use until that is done.
internal sealed unsafe partial class Mpi
{
    private delegate* unmanaged<nuint, nuint*, int> _ibarrier;
    private delegate* unmanaged<nint, int, nuint, int, nuint, nuint*, int> _ibcast;
    private delegate* unmanaged<nint, nint, int, nuint, nuint, int, nuint, nuint*, int> _ireduce;
    private delegate* unmanaged<nint, nint, int, nuint, nuint, nuint, nuint*, int> _iallreduce;
    private delegate* unmanaged<nint, nint, int, nuint, nuint, nuint, nuint*, int> _ireduceScatterBlock;
    private delegate* unmanaged<nint, int, nuint, nint, int, nuint, nuint, nuint*, int> _iallgather;
    private delegate* unmanaged<nint, int, nuint, nint, int, nuint, int, nuint, nuint*, int> _igather;
    private delegate* unmanaged<nint, int, nuint, nint, int, nuint, int, nuint, nuint*, int> _iscatter;
    private delegate* unmanaged<nint, int, nuint, nint, int, nuint, nuint, nuint*, int> _ialltoall;
    private delegate* unmanaged<nint, int*, int*, nuint, nint, int*, int*, nuint, nuint, nuint*, int> _ialltoallv;

    /// <summary>MPI_Ibarrier.</summary>
    public nuint StartBarrier(nuint comm)
    {
        nuint request = 0;
        Check(_ibarrier(comm, &request), "MPI_Ibarrier");
        return request;
    }

    /// <summary>MPI_Ibcast.</summary>
    public nuint StartBroadcast(nint buffer, int count, nuint type, int root, nuint comm)
    {
        nuint request = 0;
        Check(_ibcast(buffer, count, type, root, comm, &request), "MPI_Ibcast");
        return request;
    }

    /// <summary>MPI_Ireduce.</summary>
    public nuint StartReduce(nint send, nint receive, int count, nuint type, nuint reduction, int root, nuint comm)
    {
        nuint request = 0;
        Check(_ireduce(send, receive, count, type, reduction, root, comm, &request), "MPI_Ireduce");
        return request;
    }

    /// <summary>MPI_Iallreduce.</summary>
    public nuint StartAllReduce(nint send, nint receive, int count, nuint type, nuint reduction, nuint comm)
    {
        nuint request = 0;
        Check(_iallreduce(send, receive, count, type, reduction, comm, &request), "MPI_Iallreduce");
        return request;
    }

    /// <summary>MPI_Ireduce_scatter_block; <paramref name="receiveCount"/> is what each rank gets.</summary>
    public nuint StartReduceScatter(nint send, nint receive, int receiveCount, nuint type, nuint reduction, nuint comm)
    {
        nuint request = 0;
        Check(_ireduceScatterBlock(send, receive, receiveCount, type, reduction, comm, &request), "MPI_Ireduce_scatter_block");
        return request;
    }

    /// <summary>MPI_Iallgather; <paramref name="sendCount"/> is what each rank gives.</summary>
    public nuint StartAllGather(nint send, nint receive, int sendCount, nuint type, nuint comm)
    {
        nuint request = 0;
        Check(_iallgather(send, sendCount, type, receive, sendCount, type, comm, &request), "MPI_Iallgather");
        return request;
    }

    /// <summary>MPI_Igather; <paramref name="sendCount"/> is what each rank gives.</summary>
    public nuint StartGather(nint send, nint receive, int sendCount, nuint type, int root, nuint comm)
    {
        nuint request = 0;
        Check(_igather(send, sendCount, type, receive, sendCount, type, root, comm, &request), "MPI_Igather");
        return request;
    }

    /// <summary>MPI_Iscatter; <paramref name="receiveCount"/> is what each rank gets.</summary>
    public nuint StartScatter(nint send, nint receive, int receiveCount, nuint type, int root, nuint comm)
    {
        nuint request = 0;
        Check(_iscatter(send, receiveCount, type, receive, receiveCount, type, root, comm, &request), "MPI_Iscatter");
        return request;
    }

    /// <summary>MPI_Ialltoall; <paramref name="count"/> is what each rank gives each.</summary>
    public nuint StartAllToAll(nint send, nint receive, int count, nuint type, nuint comm)
    {
        nuint request = 0;
        Check(_ialltoall(send, count, type, receive, count, type, comm, &request), "MPI_Ialltoall");
        return request;
    }

    /// <summary>MPI_Ialltoallv. Counts and offsets are in elements, one a rank.</summary>
    public nuint StartAllToAllV(
        nint send, int* sendCounts, int* sendOffsets, nint receive, int* receiveCounts, int* receiveOffsets,
        nuint type, nuint comm)
    {
        nuint request = 0;
        Check(
            _ialltoallv(send, sendCounts, sendOffsets, type, receive, receiveCounts, receiveOffsets, type, comm, &request),
            "MPI_Ialltoallv");
        return request;
    }

    private void RequireStartedCollectives()
    {
        _ibarrier = (delegate* unmanaged<nuint, nuint*, int>)_library.Symbol("MPI_Ibarrier");
        _ibcast = (delegate* unmanaged<nint, int, nuint, int, nuint, nuint*, int>)_library.Symbol("MPI_Ibcast");
        _ireduce = (delegate* unmanaged<nint, nint, int, nuint, nuint, int, nuint, nuint*, int>)
            _library.Symbol("MPI_Ireduce");
        _iallreduce = (delegate* unmanaged<nint, nint, int, nuint, nuint, nuint, nuint*, int>)
            _library.Symbol("MPI_Iallreduce");
        _ireduceScatterBlock = (delegate* unmanaged<nint, nint, int, nuint, nuint, nuint, nuint*, int>)
            _library.Symbol("MPI_Ireduce_scatter_block");
        _iallgather = (delegate* unmanaged<nint, int, nuint, nint, int, nuint, nuint, nuint*, int>)
            _library.Symbol("MPI_Iallgather");
        _igather = (delegate* unmanaged<nint, int, nuint, nint, int, nuint, int, nuint, nuint*, int>)
            _library.Symbol("MPI_Igather");
        _iscatter = (delegate* unmanaged<nint, int, nuint, nint, int, nuint, int, nuint, nuint*, int>)
            _library.Symbol("MPI_Iscatter");
        _ialltoall = (delegate* unmanaged<nint, int, nuint, nint, int, nuint, nuint, nuint*, int>)
            _library.Symbol("MPI_Ialltoall");
        _ialltoallv = (delegate* unmanaged<nint, int*, int*, nuint, nint, int*, int*, nuint, nuint, nuint*, int>)
            _library.Symbol("MPI_Ialltoallv");
    }
}
