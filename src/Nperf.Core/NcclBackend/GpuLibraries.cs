using Nperf.Native;

namespace Nperf.Core.NcclBackend;

/// <summary>The libraries of a run on GPUs, open and with every symbol that it needs.</summary>
internal sealed class GpuLibraries
{
    private GpuLibraries(Cuda cuda, Nccl nccl) => (Cuda, Nccl) = (cuda, nccl);

    /// <summary>The driver, initialised.</summary>
    public Cuda Cuda { get; }

    /// <summary>NCCL.</summary>
    public Nccl Nccl { get; }

    /// <summary>Opens those that <paramref name="offer"/> found.</summary>
    /// <exception cref="RunException">A symbol is missing.</exception>
    public static GpuLibraries Open(NcclOffer offer)
    {
        string library = offer.DriverLibrary!;
        try
        {
            var cuda = new Cuda(DynamicLibrary.Open(library));
            cuda.RequireAll();
            cuda.Init();
            library = offer.Library!;
            var nccl = new Nccl(DynamicLibrary.Open(library));
            nccl.RequireAll();
            return new GpuLibraries(cuda, nccl);
        }
        catch (LibraryException cause)
        {
            throw new RunException(FailureKind.Error, $"{library}: {cause.Message}", cause);
        }
    }
}
