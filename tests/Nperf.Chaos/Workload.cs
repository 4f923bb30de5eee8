namespace Nperf.Chaos;

/// <summary>What a run measures: a second or so, with every phase in it.</summary>
/// <param name="Options">The options.</param>
/// <param name="Results">How many results a document of it has when it is complete.</param>
internal sealed record Workload(string Options, int Results)
{
    private static readonly Workload[] All =
    [
        new("-b 1K -B 64K -S 8 -t 0.3 -w 2", 3),
        new("--op allgather,alltoall -b 8K -B 64K -S 8 -i 50 --verify each", 4),
        new("-b 1M -B 16M -S 4 -t 0.3 -w 1 --dtype float16", 3),
    ];

    /// <summary>
    /// The stand-in for NCCL runs a batch without a sign of it: not by time, which a machine that gets busy can stretch beyond
    /// the timeout.
    /// </summary>
    private static readonly Workload OnGpus = new("-b 1K -B 64K -S 2 -i 100 -w 2", 7);

    public static Workload Draw(Random random, bool gpus) => gpus ? OnGpus : All[random.Next(All.Length)];

    /// <summary>True for the line that shows that the last size is under way.</summary>
    public bool IsLastSize(string line) => line.Contains($"{Results - 1} of {Results} sizes done", StringComparison.Ordinal);
}
