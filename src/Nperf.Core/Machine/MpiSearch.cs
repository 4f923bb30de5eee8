using Nperf.Core.MpiMode;
using Nperf.Native;

namespace Nperf.Core.Machine;

/// <summary>Where an MPI library may be on a machine, in the order in which nperf looks, and which one is taken.</summary>
internal static class MpiSearch
{
    /// <summary>What the library of each binary interface is called.</summary>
    private static readonly (MpiFlavor Flavor, string Name)[] Libraries =
    [
        (MpiFlavor.OpenMpi, "libmpi.so.40"),
        (MpiFlavor.Mpich, "libmpi.so.12"),
        // Debian's name for it, where it lies beside Open MPI.
        (MpiFlavor.Mpich, "libmpich.so.12"),
        // What Open MPI 6 and MPICH 5 call it, and what others may.
        (MpiFlavor.Standard, "libmpi_abi.so.1"),
        (MpiFlavor.Standard, "libmpi_abi.so.0"),
    ];

    /// <summary>The names, those for the <paramref name="launcher"/> of this process first.</summary>
    public static IReadOnlyList<string> Names(MpiLauncher launcher) =>
    [
        .. Libraries.OrderBy(library => launcher.Flavor is { } flavor && library.Flavor != flavor ? 1 : 0)
            .Select(library => library.Name),
    ];

    /// <summary>
    /// Where <paramref name="name"/> may be: each a file, or the name for the system's loader. An installation that is not
    /// known to the loader is found by its own variable, or beside the mpirun on the path. <paramref name="variable"/>
    /// tells an environment variable.
    /// </summary>
    public static IEnumerable<string> Places(string name, Func<string, string?> variable)
    {
        foreach (string home in new[] { "OPAL_PREFIX", "I_MPI_ROOT", "MPI_HOME" })
            if (variable(home) is { Length: > 0 } folder) yield return Path.Combine(folder, "lib", name);
        if (FolderOfMpirun(variable("PATH")) is { } prefix)
            foreach (string lib in new[] { "lib", "lib64" }) yield return Path.Combine(prefix, lib, name);
        yield return name;
    }

    /// <summary>The library to take: <paramref name="file"/>, where one is named, else the first that can be had.</summary>
    /// <exception cref="RunException">There is none; the message names every place that was looked at.</exception>
    public static Mpi Open(string? file, MpiLauncher launcher) => Open(
        file is null
            ? Names(launcher).SelectMany(name => Places(name, Environment.GetEnvironmentVariable))
            : [Path.GetFullPath(file)],
        file is null ? "install Open MPI or MPICH, name a library with --mpi-lib PATH, or set MASTER_ADDR to rank 0's host, which needs no MPI" : "--mpi-lib names it");

    /// <summary>The first library in <paramref name="places"/> that can be had; <paramref name="advice"/> is what to do else.</summary>
    internal static Mpi Open(IEnumerable<string> places, string advice)
    {
        var looked = new List<string>();
        foreach (string place in places)
        {
            try
            {
                Mpi mpi = Load(place);
                mpi.RequireAll();
                return mpi;
            }
            catch (LibraryException cause)
            {
                looked.Add($"{place}: {cause.Message}");
            }
        }

        throw new RunException(new Failure(
            FailureKind.Error, $"no MPI library can be used: {string.Join("; ", looked)}; {advice}")
        {
            Host = Rendezvous.ThisProcess.Host,
        });
    }

    /// <summary>The library at <paramref name="place"/>, not initialised.</summary>
    /// <exception cref="LibraryException">It is not there, or of no kind that nperf knows.</exception>
    internal static Mpi Load(string place) =>
        place.Contains('/', StringComparison.Ordinal) && !Path.Exists(place)
            ? throw new LibraryException("not there")
            : new Mpi(DynamicLibrary.Open(place));

    // PREFIX/bin/mpirun, links followed: a distribution's own leads to what the loader knows.
    private static string? FolderOfMpirun(string? path)
    {
        string? mpirun = path?.Split(':').Where(folder => folder.StartsWith('/'))
            .Select(folder => Path.Combine(folder, "mpirun")).FirstOrDefault(File.Exists);
        if (mpirun is null) return null;
        try
        {
            mpirun = File.ResolveLinkTarget(mpirun, returnFinalTarget: true)?.FullName ?? mpirun;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // As it is, then.
        }

        return Path.GetDirectoryName(Path.GetDirectoryName(mpirun));
    }
}
