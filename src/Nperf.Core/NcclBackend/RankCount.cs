using Nperf.Core.Options;

namespace Nperf.Core.NcclBackend;

/// <summary>How many ranks a process brings where nobody named a number.</summary>
internal static class RankCount
{
    /// <summary>Ranks of a local run on the host backend; in socket mode it is one everywhere.</summary>
    private const int LocalOnHost = 2;

    /// <summary>The process's options with a number of ranks.</summary>
    /// <exception cref="RunException">A rank for each GPU was asked for, and there is none.</exception>
    public static ProcessOptions Resolve(ProcessOptions process, NcclOffer offer)
    {
        switch (process.RanksPerProcess)
        {
            case ProcessOptions.RankForEachGpu when offer.IsReady:
                return process with { RanksPerProcess = offer.Gpus.Count };
            case ProcessOptions.RankForEachGpu:
                throw new RunException(
                    FailureKind.Error, $"-g all: this process finds no GPU to use: {string.Join(" and ", offer.Missing)} is missing; nperf doctor says more");
            case ProcessOptions.RanksByDefault:
                int gpus = Math.Max(1, offer.Gpus.Count - Math.Max(0, offer.FirstDevice));
                return process with { RanksPerProcess = offer.IsReady ? gpus : LocalOnHost };
            default:
                return process;
        }
    }
}
