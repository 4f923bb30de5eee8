using System.Text.Json.Serialization;

namespace Nperf.Core.Results;

/// <summary>What was measured for one size of one operation.</summary>
public sealed record SizeResult
{
    /// <summary>The size S in bytes that the bandwidth is computed from.</summary>
    public required long Bytes { get; init; }

    /// <summary>The size asked for; <see cref="Bytes"/> differs where it does not divide into whole elements.</summary>
    public required long RequestedBytes { get; init; }

    /// <summary>The count argument, in elements.</summary>
    public required long Count { get; init; }

    /// <summary>The operation's name.</summary>
    public required string Operation { get; init; }

    /// <summary>The element type's name.</summary>
    public required string DataType { get; init; }

    /// <summary>The reduction's name, or null for an operation without one.</summary>
    public required string? ReduceOp { get; init; }

    /// <summary>The root rank, or null for an operation without one.</summary>
    public required int? Root { get; init; }

    /// <summary>True where each rank's send and receive buffer were one.</summary>
    public bool InPlace { get; init; }

    /// <summary>Which repetition of the whole this belongs to, from 1 on (<c>--cycles</c>).</summary>
    public required int Cycle { get; init; }

    /// <summary>The algorithm that was taken; null where the backend does not tell.</summary>
    public required string? Algorithm { get; init; }

    /// <summary>The protocol that was taken (NCCL); null where there is none or the backend does not tell.</summary>
    public string? Protocol { get; init; }

    /// <summary>How many channels were taken (NCCL); null where there are none or the backend does not tell.</summary>
    public int? Channels { get; init; }

    /// <summary>Timed operations.</summary>
    public required long Iterations { get; init; }

    /// <summary>
    /// The time of an operation on the processor alone, until it was handed to the device: the average over ranks,
    /// microseconds. The host backend carries operations out itself.
    /// </summary>
    public required double EnqueueUs { get; init; }

    /// <summary>Time of one iteration.</summary>
    public required TimeStatistics TimeUs { get; init; }

    /// <summary>
    /// The single iterations in the order in which they ran, as averages of blocks of as many, over all ranks; at most
    /// <see cref="Statistics.TimeBlocks.Most"/>, microseconds. From their spread two runs can be compared.
    /// </summary>
    public IReadOnlyList<double> BlocksUs { get; set; } = [];

    /// <summary>How well the time is known; absent where <c>--precision</c> did not ask.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PrecisionSection? Precision { get; init; }

    /// <summary>Algorithm bandwidth: <see cref="Bytes"/> over the average time, GB/s (10^9).</summary>
    public required double Bandwidth { get; init; }

    /// <summary>Bus bandwidth: algorithm bandwidth times the operation's factor, GB/s (10^9); 0 where it has no meaning.</summary>
    public required double BusBandwidth { get; init; }

    /// <summary>Wrong elements found on all ranks; null where nothing was checked.</summary>
    public required long? Wrong { get; init; }

    /// <summary>
    /// True where the run was stopped in this size: the figures are those of the ranks of the process that wrote them, for
    /// the batches they had finished.
    /// </summary>
    public bool Partial { get; init; }

    /// <summary>The rank with the longest average time.</summary>
    public required int SlowestRank { get; init; }

    /// <summary>Which ranks the others waited for; null where that is not known, or the single iterations took less than 10 ms.</summary>
    public LatenessSection? Lateness { get; init; }

    /// <summary>Each rank's own times, by rank.</summary>
    public required IReadOnlyList<RankResult> Ranks { get; init; }
}

/// <summary>Times of one iteration in microseconds.</summary>
public sealed record TimeStatistics
{
    /// <summary>
    /// The headline: back-to-back iterations over their number, averaged over ranks. Where there is a root, until every
    /// rank is done; a rank's own (<see cref="RankResult"/>) until it is.
    /// </summary>
    public required double Avg { get; init; }

    /// <summary>The shortest iteration of any rank.</summary>
    public required double Min { get; init; }

    /// <summary>The longest iteration of any rank.</summary>
    public required double Max { get; init; }

    /// <summary>Standard deviation of the iterations of all ranks.</summary>
    public required double Stddev { get; init; }

    /// <summary>Median, nearest rank.</summary>
    public required double P50 { get; init; }

    /// <summary>95th percentile, nearest rank.</summary>
    public required double P95 { get; init; }

    /// <summary>99th percentile, nearest rank; the maximum below 100 samples.</summary>
    public required double P99 { get; init; }

    /// <summary>How many single iterations stand behind the percentiles.</summary>
    public required long Samples { get; init; }
}

/// <summary>One rank's own figures.</summary>
public sealed record RankResult
{
    /// <summary>The rank.</summary>
    public required int Rank { get; init; }

    /// <summary>Times of its own iterations; <c>avg</c> is its headline.</summary>
    public required TimeStatistics TimeUs { get; init; }

    /// <summary>
    /// The part of its single iterations (0 to 1) in which it waited for other ranks, waits below a microsecond or two left out;
    /// null where the backend does not tell.
    /// </summary>
    public double? Waiting { get; init; }

    /// <summary>Wrong elements in its receive buffer; null where nothing was checked.</summary>
    public required long? Wrong { get; init; }

    /// <summary>The first wrong element, where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WrongElement? FirstWrong { get; init; }

    /// <summary>The most memory its process had taken when the size was finished (VmHWM), bytes.</summary>
    public required long PeakMemoryBytes { get; init; }
}

/// <summary>A wrong element.</summary>
/// <param name="Index">Its index in the receive buffer.</param>
/// <param name="Expected">What had to stand there.</param>
/// <param name="Found">What stood there.</param>
public sealed record WrongElement(long Index, string Expected, string Found);
