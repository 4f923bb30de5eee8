using Nperf.Native;

namespace Nperf.Core.Machine;

/// <summary>The CUDA driver of this machine and the GPUs that it gives this process.</summary>
internal sealed record CudaDriver
{
    /// <summary>The file that was loaded, or null where there is none.</summary>
    public string? LibraryPath { get; private init; }

    /// <summary>The newest CUDA that it serves, for example <c>13.0</c>; null where it could not be asked.</summary>
    public string? CudaVersion { get; private init; }

    /// <summary>The GPUs that could be described; none where there is no driver.</summary>
    public IReadOnlyList<Gpu> Gpus { get; private init; } = [];

    /// <summary>Why something is missing above, in one line, or null.</summary>
    public string? Problem { get; private init; }

    /// <summary>
    /// Loads the driver's library and asks it. <paramref name="library"/> is a path, or a name for the system's loader;
    /// null means the usual one.
    /// </summary>
    public static CudaDriver Look(string? library = null)
    {
        var found = new CudaDriver();
        var gpus = new List<Gpu>();
        try
        {
            DynamicLibrary opened = DynamicLibrary.Open(library ?? Cuda.DefaultLibrary);
            found = found with { LibraryPath = opened.Path };
            var cuda = new Cuda(opened);
            cuda.Init();
            found = found with { CudaVersion = VersionText(cuda.DriverVersion()) };
            int count = cuda.DeviceCount();
            for (int index = 0; index < count; index++) gpus.Add(Describe(cuda, index));
            return found with { Gpus = gpus };
        }
        catch (LibraryException cause)
        {
            return found with { Gpus = gpus, Problem = cause.Message };
        }
    }

    private static Gpu Describe(Cuda cuda, int index)
    {
        int device = cuda.Device(index);
        return new Gpu(
            index, cuda.DeviceName(device), cuda.DeviceMemory(device), cuda.DevicePciBusId(device),
            $"GPU-{cuda.DeviceUuid(device)}");
    }

    // CUDA_VERSION in cuda.h: 1000 times major plus 10 times minor.
    private static string VersionText(int version) => $"{version / 1000}.{version % 1000 / 10}";
}
