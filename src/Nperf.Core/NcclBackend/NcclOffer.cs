using System.Text.Json.Serialization;
using Nperf.Core.Machine;
using Nperf.Core.Options;

namespace Nperf.Core.NcclBackend;

/// <summary>What a process could bring to a run on NCCL: what it tells the server before a backend is chosen.</summary>
internal sealed record NcclOffer
{
    /// <summary>What is missing, a few words each; empty where nothing is.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>The driver's library, or null where there is none.</summary>
    public string? DriverLibrary { get; init; }

    /// <summary>The newest CUDA that the driver serves, or null.</summary>
    public string? CudaVersion { get; init; }

    /// <summary>The driver's version, or null where nobody tells.</summary>
    public string? DriverVersion { get; init; }

    /// <summary>The libnccl, or null where there is none.</summary>
    public string? Library { get; init; }

    /// <summary>Its version, or null.</summary>
    public string? Version { get; init; }

    /// <summary>The GPUs that the process may use, by its own numbers.</summary>
    public IReadOnlyList<Gpu> Gpus { get; init; } = [];

    /// <summary>The number of the GPU that was asked for, its first; -1 leaves the choice to nperf.</summary>
    public int FirstDevice { get; init; } = -1;

    /// <summary>True where a run on NCCL needs nothing more.</summary>
    [JsonIgnore]
    public bool IsReady => Missing.Count == 0;

    /// <summary>Looks for the driver, its GPUs and NCCL, as <paramref name="process"/> may name them.</summary>
    public static NcclOffer Look(ProcessOptions process)
    {
        string? ncclLibrary = process.NcclLibrary;
        CudaDriver driver = CudaDriver.Look();
        // Without a driver NCCL is of no use, and looking for it takes time.
        NcclLibrary library = driver.LibraryPath is null && ncclLibrary is null
            ? new NcclLibrary()
            : NcclLibrary.Look(ncclLibrary);
        return new NcclOffer
        {
            Missing = driver.LibraryPath is null ? ["a CUDA driver"] : NcclReadiness.Missing(driver, library),
            DriverLibrary = driver.LibraryPath,
            CudaVersion = driver.CudaVersion,
            DriverVersion = driver.LibraryPath is null
                ? null
                : SystemFacts.NvidiaModuleVersion() ?? NvmlLibrary.Look().DriverVersion,
            Library = library.LibraryPath,
            Version = library.Version?.ToString(),
            Gpus = driver.Gpus,
            // Members have the command line of the process that started them, and each a GPU of its own.
            FirstDevice = process.Device < 0 ? -1 : process.Device + process.MemberIndex,
        };
    }

    /// <summary>An offer of nothing: the host backend was asked for.</summary>
    public static NcclOffer None { get; } = new() { Missing = ["the wish for it"] };
}
