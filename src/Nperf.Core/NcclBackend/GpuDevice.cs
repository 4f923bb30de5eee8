using Nperf.Core.Machine;
using Nperf.Native;

namespace Nperf.Core.NcclBackend;

/// <summary>A rank's GPU: its context, current to the thread that made it, and the stream that the rank's work runs on.</summary>
internal sealed class GpuDevice : IDisposable
{
    private readonly Cuda _cuda;
    private readonly int _device;
    private readonly nint _context;

    /// <summary>Takes <paramref name="gpu"/> for the calling thread.</summary>
    /// <exception cref="LibraryException">The driver refuses.</exception>
    public GpuDevice(Cuda cuda, Gpu gpu)
    {
        _cuda = cuda;
        Gpu = gpu;
        _device = cuda.Device(gpu.Index);
        _context = cuda.RetainPrimaryContext(_device);
        Enter();
        Stream = cuda.CreateStream();
    }

    /// <summary>Which one it is.</summary>
    public Gpu Gpu { get; }

    /// <summary>For people: <c>GPU 0</c>.</summary>
    public string Name => $"GPU {Gpu.Index}";

    /// <summary>The stream.</summary>
    public nint Stream { get; }

    /// <summary>Makes the GPU current to the calling thread.</summary>
    public void Enter() => _cuda.SetCurrent(_context);

    /// <inheritdoc/>
    public void Dispose()
    {
        _cuda.DestroyStream(Stream);
        _cuda.ReleasePrimaryContext(_device);
    }
}
