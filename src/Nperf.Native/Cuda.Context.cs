namespace Nperf.Native;

// Contexts: a GPU's state within this process, and which one a thread works with.
internal sealed unsafe partial class Cuda
{
    private delegate* unmanaged<nint*, int, int> _primaryCtxRetain;
    private delegate* unmanaged<int, int> _primaryCtxRelease;
    private delegate* unmanaged<nint, int> _ctxSetCurrent;

    /// <summary>
    /// The context of <paramref name="device"/> that all libraries of this process share, NCCL among them; made where
    /// there is none. Wants its <see cref="ReleasePrimaryContext"/>.
    /// </summary>
    public nint RetainPrimaryContext(int device)
    {
        nint context;
        Check(_primaryCtxRetain(&context, device), "cuDevicePrimaryCtxRetain");
        return context;
    }

    /// <summary>Gives back what <see cref="RetainPrimaryContext"/> took; the last to do so ends the context.</summary>
    public void ReleasePrimaryContext(int device) =>
        Check(_primaryCtxRelease(device), "cuDevicePrimaryCtxRelease_v2");

    /// <summary>Makes <paramref name="context"/> the one that the calling thread's calls go to.</summary>
    public void SetCurrent(nint context) => Check(_ctxSetCurrent(context), "cuCtxSetCurrent");

    private void RequireContexts()
    {
        _primaryCtxRetain = (delegate* unmanaged<nint*, int, int>)_library.Symbol("cuDevicePrimaryCtxRetain");
        _primaryCtxRelease = (delegate* unmanaged<int, int>)_library.Symbol("cuDevicePrimaryCtxRelease_v2");
        _ctxSetCurrent = (delegate* unmanaged<nint, int>)_library.Symbol("cuCtxSetCurrent");
    }
}
