namespace Nperf.Core.Launchers;

/// <summary>
/// mpirun and mpiexec: of Open MPI, which sets <c>OMPI_COMM_WORLD_…</c>, and of MPICH, Intel MPI and others with the hydra
/// launcher, which sets <c>PMI_…</c>. They tell no address of rank 0: MPI joins the processes, unless MASTER_ADDR is set.
/// </summary>
internal static class MpirunLauncher
{
    private const string Name = "mpirun";
    private const string OpenMpiRank = "OMPI_COMM_WORLD_RANK";
    private const string OpenMpiSize = "OMPI_COMM_WORLD_SIZE";
    private const string PmiRank = "PMI_RANK";
    private const string PmiSize = "PMI_SIZE";
    private const string PmixRank = "PMIX_RANK";
    private const string MasterAddress = "MASTER_ADDR";
    private const string MasterPort = "MASTER_PORT";

    public static Launched? Read(Variables variables)
    {
        Launched? openMpi = Read(variables, OpenMpiRank, OpenMpiSize);
        Launched? hydra = IsOfSrun(variables) ? null : Read(variables, PmiRank, PmiSize);
        if (openMpi is not null && hydra is not null && (openMpi.Process, openMpi.Processes) != (hydra.Process, hydra.Processes))
        {
            throw new LauncherException(
                $"{OpenMpiRank} and {OpenMpiSize} say process {openMpi.Process} of {openMpi.Processes}, {PmiRank} and {PmiSize} "
                + $"process {hydra.Process} of {hydra.Processes}: {LauncherException.WayOut}");
        }

        if ((openMpi ?? hydra) is { } found) return found;
        if (variables[PmixRank] is null || IsOfSrun(variables)) return null;
        throw new LauncherException(
            $"{PmixRank} is set, and nothing says how many processes there are ({OpenMpiSize}, {PmiSize}): "
            + LauncherException.WayOut);
    }

    private static Launched? Read(Variables variables, string rank, string size)
    {
        if (!variables.HasAny(rank, size)) return null;
        variables.RequireAll(Name, rank, size);
        (int process, int processes) = variables.Place(rank, size);
        return new Launched
        {
            Launcher = Name,
            Process = process,
            Processes = processes,
            ServerHost = variables[MasterAddress],
            Port = variables.Port(MasterPort),
            Variables = [rank, size, .. variables.Set(MasterAddress, MasterPort)],
            IsOneCopy = processes == 1,
        };
    }

    /// <summary>
    /// srun sets these as well, for programs of MPI (<c>--mpi=pmi2</c>, <c>--mpi=pmix</c>): for its own tasks, which it knows
    /// the place of.
    /// </summary>
    private static bool IsOfSrun(Variables variables) =>
        variables["SLURM_STEP_ID"] is not null && variables["SLURM_PROCID"] is { } task
        && (variables[PmiRank] ?? variables[PmixRank]) == task
        && (variables[PmiSize] is not { } size || size == variables["SLURM_STEP_NUM_TASKS"]);
}
