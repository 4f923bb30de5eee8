namespace Nperf.Native;

/// <summary>A message that has come and was not received yet.</summary>
/// <param name="Source">The rank that sent it.</param>
/// <param name="Tag">Its tag.</param>
/// <param name="Bytes">Its length.</param>
internal readonly record struct MpiMessage(int Source, int Tag, int Bytes);

// Messages from process to process. A request is as MPI gave it, and becomes MPI_REQUEST_NULL when it is done.
internal sealed unsafe partial class Mpi
{
    private const int MostStatusBytes = 32;

    private delegate* unmanaged<nint, int, nuint, int, int, nuint, int> _send;
    private delegate* unmanaged<nint, int, nuint, int, int, nuint, nint, int> _recv;
    private delegate* unmanaged<nint, int, nuint, int, int, nuint, nuint*, int> _isend;
    private delegate* unmanaged<nint, int, nuint, int, int, nuint, nuint*, int> _irecv;
    private delegate* unmanaged<nint, int, nuint, int, int, nint, int, nuint, int, int, nuint, nint, int> _sendrecv;
    private delegate* unmanaged<nuint*, int*, nint, int> _test;
    private delegate* unmanaged<nuint*, nint, int> _wait;
    private delegate* unmanaged<int, nuint*, nint, int> _waitall;
    private delegate* unmanaged<int, int, nuint, int*, nint, int> _iprobe;
    private delegate* unmanaged<nint, nuint, int*, int> _getCount;
    private delegate* unmanaged<nuint*, int> _cancel;
    private delegate* unmanaged<nuint*, int> _requestFree;

    /// <summary>MPI_Send.</summary>
    public void Send(nint buffer, int count, nuint type, int peer, int tag, nuint comm) =>
        Check(_send(buffer, count, type, peer, tag, comm), "MPI_Send");

    /// <summary>MPI_Recv.</summary>
    public void Receive(nint buffer, int count, nuint type, int peer, int tag, nuint comm) =>
        Check(_recv(buffer, count, type, peer, tag, comm, Handles.StatusIgnore), "MPI_Recv");

    /// <summary>MPI_Isend. The buffer stays in use until the request is done.</summary>
    public nuint StartSend(nint buffer, int count, nuint type, int peer, int tag, nuint comm)
    {
        nuint request = 0;
        Check(_isend(buffer, count, type, peer, tag, comm, &request), "MPI_Isend");
        return request;
    }

    /// <summary>MPI_Irecv. The buffer stays in use until the request is done.</summary>
    public nuint StartReceive(nint buffer, int count, nuint type, int peer, int tag, nuint comm)
    {
        nuint request = 0;
        Check(_irecv(buffer, count, type, peer, tag, comm, &request), "MPI_Irecv");
        return request;
    }

    /// <summary>MPI_Sendrecv.</summary>
    public void SendReceive(
        nint send, int sendCount, nuint sendType, int to, int sendTag,
        nint receive, int receiveCount, nuint receiveType, int from, int receiveTag, nuint comm) =>
        Check(
            _sendrecv(
                send, sendCount, sendType, to, sendTag, receive, receiveCount, receiveType, from, receiveTag, comm,
                Handles.StatusIgnore),
            "MPI_Sendrecv");

    /// <summary>MPI_Test: whether the request is done.</summary>
    public bool Test(ref nuint request)
    {
        int done;
        fixed (nuint* at = &request) Check(_test(at, &done, Handles.StatusIgnore), "MPI_Test");
        return done != 0;
    }

    /// <summary>MPI_Wait.</summary>
    public void Wait(ref nuint request)
    {
        fixed (nuint* at = &request) Check(_wait(at, Handles.StatusIgnore), "MPI_Wait");
    }

    /// <summary>MPI_Waitall; all requests are done after it.</summary>
    public void WaitAll(Span<nuint> requests)
    {
        fixed (nuint* at = requests)
        {
            // MPICH's lie closer to each other than ours.
            if (Flavor == MpiFlavor.Mpich) Pack((int*)at, requests);
            Check(_waitall(requests.Length, at, Handles.StatusIgnore), "MPI_Waitall");
        }

        requests.Fill(Handles[MpiHandle.RequestNull]);
    }

    /// <summary>MPI_Iprobe: whether a message has come, from any process and with any tag.</summary>
    public bool HasMessage(nuint comm, out MpiMessage message)
    {
        byte* status = stackalloc byte[MostStatusBytes];
        int flag, bytes = 0;
        Check(_iprobe(Handles.AnySource, Handles.AnyTag, comm, &flag, (nint)status), "MPI_Iprobe");
        message = default;
        if (flag == 0) return false;
        Check(_getCount((nint)status, Handles[MpiHandle.Byte], &bytes), "MPI_Get_count");
        int* source = (int*)(status + Handles.SourceOffset);
        message = new MpiMessage(source[0], source[1], bytes);
        return true;
    }

    /// <summary>MPI_Cancel and MPI_Request_free: nobody waits for the request any more.</summary>
    public void Cancel(ref nuint request)
    {
        fixed (nuint* at = &request)
        {
            Check(_cancel(at), "MPI_Cancel");
            Check(_requestFree(at), "MPI_Request_free");
        }
    }

    private static void Pack(int* packed, ReadOnlySpan<nuint> requests)
    {
        // In place: what is written is never behind what is read next.
        for (int i = 0; i < requests.Length; i++) packed[i] = (int)requests[i];
    }

    private void RequireMessages()
    {
        _send = (delegate* unmanaged<nint, int, nuint, int, int, nuint, int>)_library.Symbol("MPI_Send");
        _recv = (delegate* unmanaged<nint, int, nuint, int, int, nuint, nint, int>)_library.Symbol("MPI_Recv");
        _isend = (delegate* unmanaged<nint, int, nuint, int, int, nuint, nuint*, int>)_library.Symbol("MPI_Isend");
        _irecv = (delegate* unmanaged<nint, int, nuint, int, int, nuint, nuint*, int>)_library.Symbol("MPI_Irecv");
        _sendrecv = (delegate* unmanaged<nint, int, nuint, int, int, nint, int, nuint, int, int, nuint, nint, int>)
            _library.Symbol("MPI_Sendrecv");
        _test = (delegate* unmanaged<nuint*, int*, nint, int>)_library.Symbol("MPI_Test");
        _wait = (delegate* unmanaged<nuint*, nint, int>)_library.Symbol("MPI_Wait");
        _waitall = (delegate* unmanaged<int, nuint*, nint, int>)_library.Symbol("MPI_Waitall");
        _iprobe = (delegate* unmanaged<int, int, nuint, int*, nint, int>)_library.Symbol("MPI_Iprobe");
        _getCount = (delegate* unmanaged<nint, nuint, int*, int>)_library.Symbol("MPI_Get_count");
        _cancel = (delegate* unmanaged<nuint*, int>)_library.Symbol("MPI_Cancel");
        _requestFree = (delegate* unmanaged<nuint*, int>)_library.Symbol("MPI_Request_free");
    }
}
