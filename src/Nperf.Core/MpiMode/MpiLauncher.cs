using System.Globalization;
using Nperf.Native;

namespace Nperf.Core.MpiMode;

/// <summary>Who started this process as one of several, as the environment tells it.</summary>
/// <param name="Name">For people.</param>
/// <param name="Flavor">The library that it is for, where it is one's own.</param>
/// <param name="SizeVariable">The variable that has the number of processes, or null where none does.</param>
/// <param name="Size">The number of processes, or null.</param>
/// <param name="Rank">This one's place among them, or null.</param>
internal sealed record MpiLauncher(string Name, MpiFlavor? Flavor, string? SizeVariable, int? Size, int? Rank)
{
    private const string SlurmSize = "SLURM_STEP_NUM_TASKS";

    /// <summary>That of this process, or null where nothing tells of one.</summary>
    public static MpiLauncher? OfThisProcess() => Of(Environment.GetEnvironmentVariable);

    /// <summary>That which <paramref name="variable"/> tells of: the nearest, since launchers start each other.</summary>
    public static MpiLauncher? Of(Func<string, string?> variable)
    {
        if (Number("OMPI_COMM_WORLD_SIZE") is { } ofOpenMpi)
        {
            return new MpiLauncher(
                "Open MPI's mpirun", MpiFlavor.OpenMpi, "OMPI_COMM_WORLD_SIZE", ofOpenMpi, Number("OMPI_COMM_WORLD_RANK"));
        }

        if (Number("PMI_SIZE") is { } ofPmi)
            return new MpiLauncher("MPICH's mpirun (PMI)", MpiFlavor.Mpich, "PMI_SIZE", ofPmi, Number("PMI_RANK"));
        int? ofSlurm = Number(SlurmSize);
        string? sizeVariable = ofSlurm is null ? null : SlurmSize;
        if (Number("PMIX_RANK") is { } rank)
            return new MpiLauncher("a launcher with PMIx", MpiFlavor.OpenMpi, sizeVariable, ofSlurm, rank);
        return ofSlurm is null ? null : new MpiLauncher("srun", null, SlurmSize, ofSlurm, Number("SLURM_PROCID"));

        int? Number(string name) =>
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
    }
}
