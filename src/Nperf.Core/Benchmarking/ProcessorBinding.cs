using Nperf.Core.Rendezvous;
using Nperf.Native;

namespace Nperf.Core.Benchmarking;

/// <summary>
/// Gives each rank a processor of its own where the machine has enough: two ranks that wake on the same one would spin
/// against each other until the scheduler parts them. Where ranks outnumber processors the scheduler has its way.
/// </summary>
internal static class ProcessorBinding
{
    /// <summary>Binds the calling thread, which is that of <paramref name="rank"/>, where there is a processor for it.</summary>
    public static void Bind(World world, int rank)
    {
        IReadOnlyList<int> allowed = LibC.AllowedProcessors();
        if (ProcessorFor(world, rank, allowed) is { } processor)
        {
            // A refusal leaves the thread where it was: slower, and not wrong.
            LibC.TryRunOn(processor);
        }
    }

    /// <summary>
    /// The processor for <paramref name="rank"/>: the ranks of a machine take the <paramref name="allowed"/> ones in order.
    /// Null where there are not enough.
    /// </summary>
    public static int? ProcessorFor(World world, int rank, IReadOnlyList<int> allowed)
    {
        ProcessInfo process = world.ProcessOf(rank);
        if (world.RanksOnMachineOf(process) > allowed.Count) return null;
        int before = world.Processes
            .Where(other => other.MachineId == process.MachineId && other.Index < process.Index)
            .Sum(other => other.RankCount);
        return allowed[before + rank - process.FirstRank];
    }
}
