using Nperf.Core.MpiMode;
using Nperf.Native;

namespace Nperf.Core.Machine;

/// <summary>An MPI library, loaded to see whether that works and not initialised.</summary>
/// <param name="Name">What such a library is called.</param>
/// <param name="LibraryPath">The file that was loaded, or null where there is none.</param>
/// <param name="Version">What it is, with its version, or null.</param>
/// <param name="Problem">Why there is none, in one line, or null.</param>
internal sealed record MpiLibrary(string Name, string? LibraryPath, string? Version, string? Problem)
{
    /// <summary>
    /// Looks for Open MPI, for MPICH and its relatives, and for MPI's standard binary interface, as a run with --mpi does; in
    /// the order in which that would take one.
    /// </summary>
    public static IReadOnlyList<MpiLibrary> LookForAll() =>
        [.. MpiSearch.Names(MpiLauncher.OfThisProcess()).Select(Look)];

    private static MpiLibrary Look(string name)
    {
        string problem = "";
        foreach (string place in MpiSearch.Places(name, Environment.GetEnvironmentVariable))
        {
            try
            {
                Mpi mpi = MpiSearch.Load(place);
                return new MpiLibrary(name, mpi.Path, MpiName.Of(mpi), null);
            }
            catch (LibraryException cause)
            {
                // The loader's word comes last, and tells most.
                problem = cause.Message;
            }
        }

        return new MpiLibrary(name, null, null, problem);
    }
}
