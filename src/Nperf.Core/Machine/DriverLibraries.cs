namespace Nperf.Core.Machine;

/// <summary>The libraries of the CUDA driver and NVML: the system's unless a variable names another.</summary>
internal static class DriverLibraries
{
    /// <summary>The CUDA driver's: <c>NPERF_CUDA_LIB</c>, a path, or <c>libcuda.so.1</c>.</summary>
    public static string Cuda => Named("NPERF_CUDA_LIB") ?? Native.Cuda.LibraryName;

    /// <summary>NVML's: <c>NPERF_NVML_LIB</c>, a path, or <c>libnvidia-ml.so.1</c>.</summary>
    public static string Nvml => Named("NPERF_NVML_LIB") ?? Native.Nvml.LibraryName;

    private static string? Named(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path ? path : null;
}
