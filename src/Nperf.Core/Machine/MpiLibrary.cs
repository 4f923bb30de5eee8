using Nperf.Native;

namespace Nperf.Core.Machine;

/// <summary>An MPI library, loaded to see whether that works and not initialised.</summary>
/// <param name="Name">The name that the system's loader was asked for.</param>
/// <param name="LibraryPath">The file that was loaded, or null where there is none.</param>
/// <param name="Problem">Why there is none, in one line, or null.</param>
public sealed record MpiLibrary(string Name, string? LibraryPath, string? Problem)
{
    /// <summary>Looks for Open MPI, for MPICH and its relatives, and for MPI's standard binary interface.</summary>
    public static IReadOnlyList<MpiLibrary> LookForAll() =>
        [Look("libmpi.so.40"), Look("libmpi.so.12"), Look("libmpi_abi.so.0")];

    private static MpiLibrary Look(string name)
    {
        try
        {
            return new MpiLibrary(name, DynamicLibrary.Open(name).Path, null);
        }
        catch (LibraryException cause)
        {
            return new MpiLibrary(name, null, cause.Message);
        }
    }
}
