namespace Nperf.Native;

// Collectives, each enqueued on a stream. Types and reductions are numbers of NcclType and NcclReduction; counts are of
// elements, and what a count counts is said where ranks send and receive different ones.
internal sealed unsafe partial class Nccl
{
    private delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int> _allReduce;
    private delegate* unmanaged<nint, nint, nuint, int, nint, nint, int> _allGather;
    private delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int> _broadcast;
    private delegate* unmanaged<nint, nint, nuint, int, int, int, nint, nint, int> _reduce;
    private delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int> _reduceScatter;
    private delegate* unmanaged<nint, nuint, int, int, nint, nint, int> _send;
    private delegate* unmanaged<nint, nuint, int, int, nint, nint, int> _recv;
    private delegate* unmanaged<nint, nint, nuint, int, nint, nint, int> _allToAll;
    private delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int> _gather;
    private delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int> _scatter;
    private delegate* unmanaged<int> _groupStart;
    private delegate* unmanaged<int> _groupEnd;

    /// <summary>Since 2.28: whether <see cref="AllToAll"/>, <see cref="Gather"/>, <see cref="Scatter"/> can be called.</summary>
    public bool HasAllToAll => _allToAll != null && _gather != null && _scatter != null;

    /// <summary>ncclAllReduce.</summary>
    public void AllReduce(nint send, nint receive, nuint count, int type, int reduction, nint comm, nint stream) =>
        Check(_allReduce(send, receive, count, type, reduction, comm, stream), "ncclAllReduce");

    /// <summary>ncclAllGather; <paramref name="sendCount"/> is what each rank gives.</summary>
    public void AllGather(nint send, nint receive, nuint sendCount, int type, nint comm, nint stream) =>
        Check(_allGather(send, receive, sendCount, type, comm, stream), "ncclAllGather");

    /// <summary>ncclBroadcast.</summary>
    public void Broadcast(nint send, nint receive, nuint count, int type, int root, nint comm, nint stream) =>
        Check(_broadcast(send, receive, count, type, root, comm, stream), "ncclBroadcast");

    /// <summary>ncclReduce.</summary>
    public void Reduce(nint send, nint receive, nuint count, int type, int reduction, int root, nint comm, nint stream) =>
        Check(_reduce(send, receive, count, type, reduction, root, comm, stream), "ncclReduce");

    /// <summary>ncclReduceScatter; <paramref name="receiveCount"/> is what each rank gets.</summary>
    public void ReduceScatter(
        nint send, nint receive, nuint receiveCount, int type, int reduction, nint comm, nint stream) =>
        Check(_reduceScatter(send, receive, receiveCount, type, reduction, comm, stream), "ncclReduceScatter");

    /// <summary>ncclSend.</summary>
    public void Send(nint buffer, nuint count, int type, int peer, nint comm, nint stream) =>
        Check(_send(buffer, count, type, peer, comm, stream), "ncclSend");

    /// <summary>ncclRecv.</summary>
    public void Receive(nint buffer, nuint count, int type, int peer, nint comm, nint stream) =>
        Check(_recv(buffer, count, type, peer, comm, stream), "ncclRecv");

    /// <summary>ncclAlltoAll; <paramref name="count"/> is what each rank gives each.</summary>
    public void AllToAll(nint send, nint receive, nuint count, int type, nint comm, nint stream) =>
        Check(_allToAll(send, receive, count, type, comm, stream), "ncclAlltoAll");

    /// <summary>ncclGather; <paramref name="count"/> is what each rank gives.</summary>
    public void Gather(nint send, nint receive, nuint count, int type, int root, nint comm, nint stream) =>
        Check(_gather(send, receive, count, type, root, comm, stream), "ncclGather");

    /// <summary>ncclScatter; <paramref name="count"/> is what each rank gets.</summary>
    public void Scatter(nint send, nint receive, nuint count, int type, int root, nint comm, nint stream) =>
        Check(_scatter(send, receive, count, type, root, comm, stream), "ncclScatter");

    /// <summary>From here to <see cref="GroupEnd"/> this thread's calls only gather, to be enqueued as one.</summary>
    public void GroupStart() => Check(_groupStart(), "ncclGroupStart");

    /// <summary>Enqueues what was gathered; its failures come from here.</summary>
    public void GroupEnd() => Check(_groupEnd(), "ncclGroupEnd");

    private void RequireCollectives()
    {
        _allReduce = (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)_library.Symbol("ncclAllReduce");
        _allGather = (delegate* unmanaged<nint, nint, nuint, int, nint, nint, int>)_library.Symbol("ncclAllGather");
        _broadcast = (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)_library.Symbol("ncclBroadcast");
        _reduce = (delegate* unmanaged<nint, nint, nuint, int, int, int, nint, nint, int>)_library.Symbol("ncclReduce");
        _reduceScatter =
            (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)_library.Symbol("ncclReduceScatter");
        _send = (delegate* unmanaged<nint, nuint, int, int, nint, nint, int>)_library.Symbol("ncclSend");
        _recv = (delegate* unmanaged<nint, nuint, int, int, nint, nint, int>)_library.Symbol("ncclRecv");
        _groupStart = (delegate* unmanaged<int>)_library.Symbol("ncclGroupStart");
        _groupEnd = (delegate* unmanaged<int>)_library.Symbol("ncclGroupEnd");
        _allToAll =
            (delegate* unmanaged<nint, nint, nuint, int, nint, nint, int>)_library.OptionalSymbol("ncclAlltoAll");
        _gather =
            (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)_library.OptionalSymbol("ncclGather");
        _scatter =
            (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)_library.OptionalSymbol("ncclScatter");
    }
}
