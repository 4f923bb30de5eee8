namespace Nperf.Core.Rendezvous;

/// <summary>One process of a run and the ranks it brings, which are numbered together.</summary>
internal sealed record ProcessInfo
{
    /// <summary>Its place among the processes; the server has 0.</summary>
    public required int Index { get; init; }

    /// <summary>Its lowest rank.</summary>
    public required int FirstRank { get; init; }

    /// <summary>How many ranks it has.</summary>
    public required int RankCount { get; init; }

    /// <summary>The host's name, for people.</summary>
    public required string Host { get; init; }

    /// <summary>The kernel it runs on: equal for processes that share processors and memory.</summary>
    public required string MachineId { get; init; }

    /// <summary>Equal for processes that can share memory: the same kernel, host name and <c>/dev/shm</c>.</summary>
    public required string SharedMemoryId { get; init; }

    /// <summary>The processors it may use, by number, separated by commas.</summary>
    public required string Processors { get; init; }

    /// <summary>The process id on its host.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Its address as the server sees it; for a local run, <c>local</c>.</summary>
    public required string Address { get; init; }

    /// <summary>True when it has <paramref name="rank"/>.</summary>
    public bool HasRank(int rank) => rank >= FirstRank && rank < FirstRank + RankCount;
}

/// <summary>Every process and rank of a run, the same on all of them.</summary>
internal sealed class World
{
    private bool? _isCrowded;

    /// <summary>A world of <paramref name="processes"/>, in the order of their ranks.</summary>
    public World(IReadOnlyList<ProcessInfo> processes)
    {
        Processes = processes;
        Size = processes.Sum(process => process.RankCount);
    }

    /// <summary>The processes, by index.</summary>
    public IReadOnlyList<ProcessInfo> Processes { get; }

    /// <summary>The number of ranks.</summary>
    public int Size { get; }

    /// <summary>The process that has <paramref name="rank"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    public ProcessInfo ProcessOf(int rank)
    {
        if (rank < 0 || rank >= Size) throw new ArgumentOutOfRangeException(nameof(rank), rank, $"there are {Size} ranks");

        // Ranks ascend from process to process, and may be a hundred thousand.
        int low = 0;
        for (int high = Processes.Count - 1; low < high;)
        {
            int middle = (low + high + 1) / 2;
            if (Processes[middle].FirstRank <= rank) low = middle;
            else high = middle - 1;
        }

        return Processes[low];
    }

    /// <summary>How many ranks share the machine of <paramref name="process"/>.</summary>
    public int RanksOnMachineOf(ProcessInfo process) => OnMachineOf(process).Sum(other => other.RankCount);

    /// <summary>How many processors the ranks on the machine of <paramref name="process"/> have together.</summary>
    public int ProcessorsOnMachineOf(ProcessInfo process) =>
        OnMachineOf(process).SelectMany(other => ProcessorList.Parse(other.Processors)).Distinct().Count();

    /// <summary>True where, on some machine, ranks outnumber processors. Every process finds the same.</summary>
    public bool IsCrowded => _isCrowded ??= Processes
        .GroupBy(process => process.MachineId)
        .Any(machine => machine.Sum(process => process.RankCount)
            > machine.SelectMany(process => ProcessorList.Parse(process.Processors)).Distinct().Count());

    /// <summary>The ranks of each host, ascending: who is with whom can share memory. Hosts are in the order of their lowest ranks.</summary>
    public int[][] RanksByHost() =>
    [
        .. Processes.GroupBy(process => process.SharedMemoryId).Select(host =>
            host.SelectMany(process => Enumerable.Range(process.FirstRank, process.RankCount)).ToArray()),
    ];

    /// <summary>The processes on the machine of <paramref name="process"/>, itself too.</summary>
    public IEnumerable<ProcessInfo> OnMachineOf(ProcessInfo process) =>
        Processes.Where(other => other.MachineId == process.MachineId);
}
