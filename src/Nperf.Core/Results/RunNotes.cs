using Nperf.Core.Rendezvous;

namespace Nperf.Core.Results;

/// <summary>What a reader should know to read the figures right.</summary>
public static class RunNotes
{
    /// <summary>Fewer single times than this, and the nearest-rank 99th percentile is the longest of them.</summary>
    public const int SamplesForP99 = 100;

    /// <summary>The notes of a run, one sentence each.</summary>
    public static IReadOnlyList<string> Of(World? world, IReadOnlyList<SizeResult> results)
    {
        var notes = new List<string>();
        if (world is { Size: 1 })
            notes.Add("one rank: nothing is exchanged, so bus bandwidth has no meaning");
        ProcessInfo? here = world?.Processes.FirstOrDefault(process => process.ProcessId == Environment.ProcessId);
        if (here is not null && world!.RanksOnMachineOf(here) is int ranks && ranks > Environment.ProcessorCount)
            notes.Add($"{ranks} ranks share {Environment.ProcessorCount} processors of {here.Host}: times hold the wait for a turn");
        if (results.Any(result => result.TimeUs.Samples is > 0 and < SamplesForP99))
            notes.Add($"p99 is the maximum where fewer than {SamplesForP99} iterations were timed; -i or -t for more");
        if (results.Any(result => result.Bytes != result.RequestedBytes))
            notes.Add("sizes that do not divide into whole elements among the ranks became the nearest that do");
        return notes;
    }
}
