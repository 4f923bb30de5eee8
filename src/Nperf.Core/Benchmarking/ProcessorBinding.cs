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
        if (ProcessorFor(world, rank) is { } processor)
        {
            // A refusal leaves the thread where it was: slower, and not wrong.
            LibC.TryRunOn(processor);
        }
    }

    /// <summary>
    /// The processor for <paramref name="rank"/>: the ranks of a machine, in order, each take the first that their process
    /// may use and no rank before has taken. Null where there is none left.
    /// </summary>
    public static int? ProcessorFor(World world, int rank)
    {
        ProcessInfo self = world.ProcessOf(rank);
        if (world.RanksOnMachineOf(self) > world.ProcessorsOnMachineOf(self)) return null;
        var taken = new HashSet<int>();
        foreach (ProcessInfo process in world.OnMachineOf(self))
        {
            IReadOnlyList<int> allowed = ProcessorList.Parse(process.Processors);
            for (int one = process.FirstRank; one < process.FirstRank + process.RankCount; one++)
            {
                int? processor = allowed.Cast<int?>().FirstOrDefault(candidate => !taken.Contains(candidate!.Value));
                if (one == rank) return processor;
                if (processor is not null) taken.Add(processor.Value);
            }
        }

        return null;
    }
}
