namespace Nperf.Native;

// Graphs: what a stream was given, taken down once to be launched as one.
internal sealed unsafe partial class Cuda
{
    /// <summary>
    /// CU_STREAM_CAPTURE_MODE_THREAD_LOCAL: only this thread is kept from calls that a capture cannot hold.
    /// </summary>
    internal const int CaptureThreadLocal = 1;

    private delegate* unmanaged<nint, int, int> _streamBeginCapture;
    private delegate* unmanaged<nint, nint*, int> _streamEndCapture;
    private delegate* unmanaged<nint*, nint, ulong, int> _graphInstantiate;
    private delegate* unmanaged<nint, nint, int> _graphUpload;
    private delegate* unmanaged<nint, nint, int> _graphLaunch;
    private delegate* unmanaged<nint, int> _graphDestroy;
    private delegate* unmanaged<nint, int> _graphExecDestroy;

    /// <summary>From here on what the stream is given is taken down, not run.</summary>
    public void BeginCapture(nint stream) =>
        Check(_streamBeginCapture(stream, CaptureThreadLocal), "cuStreamBeginCapture_v2");

    /// <summary>The graph of what was given since <see cref="BeginCapture"/>.</summary>
    public nint EndCapture(nint stream)
    {
        nint graph;
        Check(_streamEndCapture(stream, &graph), "cuStreamEndCapture");
        return graph;
    }

    /// <summary>What can be launched of <paramref name="graph"/>, which is not needed for it any longer.</summary>
    public nint Instantiate(nint graph)
    {
        nint executable;
        Check(_graphInstantiate(&executable, graph, 0), "cuGraphInstantiateWithFlags");
        return executable;
    }

    /// <summary>Enqueues bringing the graph to the GPU, which its first launch would have to do.</summary>
    public void Upload(nint graphExec, nint stream) => Check(_graphUpload(graphExec, stream), "cuGraphUpload");

    /// <summary>Enqueues all that the graph holds.</summary>
    public void LaunchGraph(nint graphExec, nint stream) => Check(_graphLaunch(graphExec, stream), "cuGraphLaunch");

    /// <summary>Ends what <see cref="EndCapture"/> gave.</summary>
    public void DestroyGraph(nint graph) => Check(_graphDestroy(graph), "cuGraphDestroy");

    /// <summary>Ends what <see cref="Instantiate"/> gave.</summary>
    public void DestroyGraphExec(nint graphExec) => Check(_graphExecDestroy(graphExec), "cuGraphExecDestroy");

    private void RequireGraphs()
    {
        _streamBeginCapture = (delegate* unmanaged<nint, int, int>)_library.Symbol("cuStreamBeginCapture_v2");
        _streamEndCapture = (delegate* unmanaged<nint, nint*, int>)_library.Symbol("cuStreamEndCapture");
        _graphInstantiate =
            (delegate* unmanaged<nint*, nint, ulong, int>)_library.Symbol("cuGraphInstantiateWithFlags");
        _graphUpload = (delegate* unmanaged<nint, nint, int>)_library.Symbol("cuGraphUpload");
        _graphLaunch = (delegate* unmanaged<nint, nint, int>)_library.Symbol("cuGraphLaunch");
        _graphDestroy = (delegate* unmanaged<nint, int>)_library.Symbol("cuGraphDestroy");
        _graphExecDestroy = (delegate* unmanaged<nint, int>)_library.Symbol("cuGraphExecDestroy");
    }
}
