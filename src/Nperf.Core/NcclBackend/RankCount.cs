using Nperf.Core.Options;

namespace Nperf.Core.NcclBackend;

/// <summary>What a process brings, where the user left it to nperf: how many ranks, and in what.</summary>
internal static class RankCount
{
    /// <summary>Ranks of a local run on the host backend; in socket mode it is one everywhere.</summary>
    private const int LocalOnHost = 2;

    /// <summary>The process's options with all of that decided.</summary>
    /// <exception cref="RunException">A rank for each GPU was asked for, and there is none.</exception>
    public static ProcessOptions Resolve(ProcessOptions process, NcclOffer offer)
    {
        int ranks = process.RanksPerProcess switch
        {
            ProcessOptions.RankForEachGpu when !offer.IsReady => throw new RunException(
                FailureKind.Error,
                $"-g all: this process finds no GPU to use: {string.Join(" and ", offer.Missing)} is missing; nperf doctor says more"),
            ProcessOptions.RankForEachGpu => GpusFrom(offer),
            ProcessOptions.RanksByDefault => offer.IsReady ? GpusFrom(offer) : LocalOnHost,
            int named => named,
        };
        RanksIn kind = process.RanksIn;
        // The driver's locks are a process's own: two ranks of one process wait for each other at every launch. But MPI has
        // its own processes.
        bool wantsProcesses = offer.IsReady && ranks > 1 && process.Mode != Mode.Mpi;
        if (kind == RanksIn.Auto) kind = wantsProcesses ? RanksIn.Processes : RanksIn.Threads;
        return process with { RanksPerProcess = ranks, RanksIn = kind };
    }

    private static int GpusFrom(NcclOffer offer) => Math.Max(1, offer.Gpus.Count - Math.Max(0, offer.FirstDevice));
}
