using System.Collections;
using Nperf.Core.Launchers;
using Nperf.Native;

namespace Nperf.Core.MpiMode;

/// <summary>Who started this process, as far as that matters for MPI.</summary>
/// <param name="Flavor">The library that its variables are for, or null where there are none for MPI.</param>
/// <param name="Launched">This process among those that were started together, or null where it was started alone.</param>
internal sealed record MpiLauncher(MpiFlavor? Flavor, Launched? Launched)
{
    /// <summary>What tells a library of its job: Open MPI's by PMIx, MPICH's by PMI.</summary>
    private static readonly (MpiFlavor Flavor, string Variable)[] Signs =
    [
        (MpiFlavor.OpenMpi, "OMPI_COMM_WORLD_SIZE"), (MpiFlavor.Mpich, "PMI_RANK"), (MpiFlavor.OpenMpi, "PMIX_RANK"),
    ];

    /// <summary>The launcher for people, or null where none started this process.</summary>
    public string? Name => Launched?.Launcher ?? (Flavor is null ? null : "mpirun");

    /// <summary>That of this process.</summary>
    public static MpiLauncher OfThisProcess() => Of(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? ""));

    /// <summary>That which <paramref name="environment"/> tells of.</summary>
    public static MpiLauncher Of(IReadOnlyDictionary<string, string> environment)
    {
        MpiFlavor? flavor = Signs.Where(sign => environment.GetValueOrDefault(sign.Variable) is { Length: > 0 })
            .Select(sign => (MpiFlavor?)sign.Flavor).FirstOrDefault();
        try
        {
            return new MpiLauncher(flavor, Launcher.Find(environment));
        }
        catch (LauncherException)
        {
            // What cannot be read is nothing to compare MPI's world with.
            return new MpiLauncher(flavor, null);
        }
    }
}
