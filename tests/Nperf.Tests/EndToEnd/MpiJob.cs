namespace Nperf.Tests.EndToEnd;

/// <summary>Jobs of nperf, started by an MPI library's own mpirun.</summary>
internal static class MpiJob
{
    /// <summary>Open MPI's launcher.</summary>
    public const string OpenMpi = "mpirun.openmpi";

    /// <summary>MPICH's.</summary>
    public const string Mpich = "mpirun.mpich";

    /// <summary>Starts <paramref name="ranks"/> processes of nperf with --mpi; skips the test where there is no such launcher.</summary>
    public static RunningProcess Start(string launcher, int ranks, string arguments)
    {
        Requirements.Program(launcher, launcher == OpenMpi ? "openmpi-bin" : "mpich");
        string own = launcher == OpenMpi
            ? "--allow-run-as-root --oversubscribe --mca oob_tcp_if_include lo --mca btl vader,self --mca pml ob1"
            : "";
        return RunningProcess.Start(
            Requirements.Find(launcher)!,
            [.. NperfBinary.Split($"{own} -np {ranks}"), NperfBinary.Path, .. NperfBinary.Split($"--mpi --timeout 120 {arguments}")]);
    }
}
