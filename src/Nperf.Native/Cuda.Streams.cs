namespace Nperf.Native;

// Streams, which run what is enqueued in order, and events, which mark places in them.
internal sealed unsafe partial class Cuda
{
    /// <summary>CU_STREAM_NON_BLOCKING: does not wait for the default stream, nor that one for it.</summary>
    internal const uint NonBlocking = 1;

    /// <summary>CU_EVENT_DEFAULT: with a time, and waited for by polling.</summary>
    internal const uint EventDefault = 0;

    private delegate* unmanaged<nint*, uint, int> _streamCreate;
    private delegate* unmanaged<nint, int> _streamDestroy;
    private delegate* unmanaged<nint, int> _streamQuery;
    private delegate* unmanaged<nint, int> _streamSynchronize;
    private delegate* unmanaged<nint*, uint, int> _eventCreate;
    private delegate* unmanaged<nint, int> _eventDestroy;
    private delegate* unmanaged<nint, nint, int> _eventRecord;
    private delegate* unmanaged<nint, int> _eventQuery;
    private delegate* unmanaged<float*, nint, nint, int> _eventElapsedTime;

    /// <summary>A stream on the current GPU, apart from the default one.</summary>
    public nint CreateStream()
    {
        nint stream;
        Check(_streamCreate(&stream, NonBlocking), "cuStreamCreate");
        return stream;
    }

    /// <summary>Ends a stream; what it still holds is run first.</summary>
    public void DestroyStream(nint stream) => Check(_streamDestroy(stream), "cuStreamDestroy_v2");

    /// <summary>True once everything enqueued so far is done.</summary>
    public bool IsDone(nint stream)
    {
        int status = _streamQuery(stream);
        if (status == 0) return true;
        if (status != NotReady) Fail(status, "cuStreamQuery");
        return false;
    }

    /// <summary>Waits until everything enqueued so far is done.</summary>
    public void Synchronize(nint stream) => Check(_streamSynchronize(stream), "cuStreamSynchronize");

    /// <summary>An event of the current GPU that takes the time.</summary>
    public nint CreateEvent()
    {
        nint made;
        Check(_eventCreate(&made, EventDefault), "cuEventCreate");
        return made;
    }

    /// <summary>Ends an event.</summary>
    public void DestroyEvent(nint ended) => Check(_eventDestroy(ended), "cuEventDestroy_v2");

    /// <summary>Enqueues <paramref name="mark"/>, an event: the stream reaches it when everything before it is done.</summary>
    public void Record(nint mark, nint stream) => Check(_eventRecord(mark, stream), "cuEventRecord");

    /// <summary>True once the stream has reached <paramref name="mark"/>, an event; so it is before it was recorded.</summary>
    public bool IsReached(nint mark)
    {
        int status = _eventQuery(mark);
        if (status == 0) return true;
        if (status != NotReady) Fail(status, "cuEventQuery");
        return false;
    }

    /// <summary>Milliseconds between two events that were reached, to about half a microsecond.</summary>
    public float Elapsed(nint start, nint end)
    {
        float milliseconds;
        Check(_eventElapsedTime(&milliseconds, start, end), "cuEventElapsedTime");
        return milliseconds;
    }

    private void RequireStreams()
    {
        _streamCreate = (delegate* unmanaged<nint*, uint, int>)_library.Symbol("cuStreamCreate");
        _streamDestroy = (delegate* unmanaged<nint, int>)_library.Symbol("cuStreamDestroy_v2");
        _streamQuery = (delegate* unmanaged<nint, int>)_library.Symbol("cuStreamQuery");
        _streamSynchronize = (delegate* unmanaged<nint, int>)_library.Symbol("cuStreamSynchronize");
        _eventCreate = (delegate* unmanaged<nint*, uint, int>)_library.Symbol("cuEventCreate");
        _eventDestroy = (delegate* unmanaged<nint, int>)_library.Symbol("cuEventDestroy_v2");
        _eventRecord = (delegate* unmanaged<nint, nint, int>)_library.Symbol("cuEventRecord");
        _eventQuery = (delegate* unmanaged<nint, int>)_library.Symbol("cuEventQuery");
        _eventElapsedTime = (delegate* unmanaged<float*, nint, nint, int>)_library.Symbol("cuEventElapsedTime");
    }
}
