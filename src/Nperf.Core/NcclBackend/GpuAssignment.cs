using Nperf.Core.Machine;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.NcclBackend;

/// <summary>The GPU of a rank.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="Gpu">Its GPU, by the numbers of its own process.</param>
internal sealed record RankGpu(int Rank, Gpu Gpu);

/// <summary>Which rank has which GPU: each one of its own, also where several processes share a machine.</summary>
internal static class GpuAssignment
{
    /// <summary>
    /// By rank. First come the processes that named a GPU, then the others: each rank the first GPU that its process may
    /// use and that no other rank of the machine has.
    /// </summary>
    /// <param name="world">The processes.</param>
    /// <param name="offers">What each process could bring, by its index.</param>
    /// <exception cref="RunException">Two ranks would have one GPU, a GPU is not there, or none is left.</exception>
    public static IReadOnlyList<RankGpu> Of(World world, IReadOnlyList<NcclOffer> offers)
    {
        var ofRank = new RankGpu?[world.Size];
        var taken = new Dictionary<(string Machine, string Uuid), int>();
        foreach (ProcessInfo process in world.Processes.OrderBy(process => offers[process.Index].FirstDevice < 0))
        {
            NcclOffer offer = offers[process.Index];
            for (int i = 0; i < process.RankCount; i++)
            {
                int rank = process.FirstRank + i;
                Gpu gpu = offer.FirstDevice >= 0
                    ? Named(process, offer, offer.FirstDevice + i, rank)
                    : offer.Gpus.FirstOrDefault(gpu => !taken.ContainsKey((process.MachineId, gpu.Uuid)))
                        ?? throw TooFew(world, process, offer, rank);
                if (!taken.TryAdd((process.MachineId, gpu.Uuid), rank))
                    throw Twice(process, gpu, taken[(process.MachineId, gpu.Uuid)], rank);
                ofRank[rank] = new RankGpu(rank, gpu);
            }
        }

        return ofRank!;
    }

    private static Gpu Named(ProcessInfo process, NcclOffer offer, int device, int rank) =>
        device < offer.Gpus.Count ? offer.Gpus[device] : throw Refusal(process, rank,
            $"--device: there is no GPU {device} for rank {rank} on {process.Host}; {GpusOf(offer)}");

    private static RunException TooFew(World world, ProcessInfo process, NcclOffer offer, int rank) => Refusal(process, rank,
        $"rank {rank} on {process.Host} has no GPU left: {world.RanksOnMachineOf(process)} ranks there, and {GpusOf(offer)}; "
        + "start fewer (-n, -g), or --backend host");

    private static RunException Twice(ProcessInfo process, Gpu gpu, int first, int second) => Refusal(process, second,
        $"ranks {Math.Min(first, second)} and {Math.Max(first, second)} would share one GPU of {process.Host} ({gpu.Name}, {gpu.Uuid}); "
        + "give each its own with --device or CUDA_VISIBLE_DEVICES");

    private static string GpusOf(NcclOffer offer) => offer.Gpus.Count switch
    {
        0 => "the process sees no GPU",
        1 => "the process sees 1 GPU, number 0",
        int count => $"the process sees {count} GPUs, 0 to {count - 1}",
    };

    private static RunException Refusal(ProcessInfo process, int rank, string message) =>
        new(new Failure(FailureKind.Error, message) { Rank = rank, Host = process.Host, Step = "choosing GPUs" });
}
