using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>Processes that are not there, for worlds.</summary>
internal static class PlannedProcess
{
    /// <summary>One on a machine of its host's name, which has processor 0 alone; its ranks begin with its index where nothing is said.</summary>
    public static ProcessInfo Of(int index, string host, int ranks = 1, int? firstRank = null) => new()
    {
        Index = index,
        FirstRank = firstRank ?? index,
        RankCount = ranks,
        Host = host,
        MachineId = host,
        SharedMemoryId = host,
        Processors = "0",
        ProcessId = 100 + index,
        Address = "local",
    };

    /// <summary>A world of one rank on each of so many hosts, which are <c>node0</c> and so on.</summary>
    public static World World(int hosts, int ranksOfEach = 1) => new(
        [.. Enumerable.Range(0, hosts).Select(host => Of(host, $"node{host}", ranksOfEach, host * ranksOfEach))]);
}
