using Nperf.Core.Data;
using Nperf.Core.MpiBackend;
using Nperf.Core.Options;

namespace Nperf.Arguments;

/// <summary>What <c>--backend mpi</c> does not go together with. Each mistake is noted by name.</summary>
internal static class MpiCombinations
{
    public static void Check(GivenOptions given, RunOptions run, ProcessOptions process)
    {
        if (process.Mode != Mode.Mpi)
            given.Refuse(OptionTable.Backend, "'mpi' takes ranks that MPI started: mpirun -np 2 nperf --mpi --backend mpi");
        if (given.Has(OptionTable.RanksPerNode) && process.RanksPerProcess != 1)
            given.Refuse(OptionTable.RanksPerNode, "with --backend mpi each process is one rank; start more with mpirun -np N");
        if (given.HasGood(OptionTable.Transport) && run.Transport != Transport.Auto)
            given.Refuse(OptionTable.Transport, "is the host backend's; MPI chooses its own (mpirun --mca btl, FI_PROVIDER, UCX_TLS)");
        if (given.Has(OptionTable.Algo))
            given.Refuse(OptionTable.Algo, "is NCCL's and the host backend's; MPI chooses its own (mpirun --mca coll_tuned, MPIR_CVAR_ALLREDUCE_INTRA_ALGORITHM)");
        foreach (OptionDefinition option in new[] { OptionTable.AlgoTable, OptionTable.Wait }.Where(given.Has))
            given.Refuse(option, "is the host backend's, and --backend mpi has none");
        if (given.Has(OptionTable.Interface))
            given.Refuse(OptionTable.Interface, "is the host backend's; MPI chooses its own (mpirun --mca btl_tcp_if_include)");
        foreach (OptionDefinition option in new[] { OptionTable.Streams, OptionTable.TcpCongestion }.Where(given.Has))
            given.Refuse(option, "is the host backend's; MPI makes its own connections");
        if (!run.WantsAllDataTypes)
            RefuseMissing(given, OptionTable.DType, run.DataTypes.Where(type => !MpiTypes.Has(type)).Select(type => type.Name()));
        if (!run.WantsAllReductions)
            RefuseMissing(given, OptionTable.RedOp, run.Reductions.Where(one => !MpiTypes.Has(one)).Select(one => one.Name()));
    }

    private static void RefuseMissing(GivenOptions given, OptionDefinition option, IEnumerable<string> names)
    {
        string missing = string.Join(", ", names);
        if (missing.Length > 0) given.Refuse(option, $"MPI has no {missing}; 'all' takes what it has");
    }
}
