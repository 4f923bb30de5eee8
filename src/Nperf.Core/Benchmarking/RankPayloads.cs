using Nperf.Core.Rendezvous;
using Nperf.Core.Results;

namespace Nperf.Core.Benchmarking;

/// <summary>What ranks tell each other of a size, as it comes from another process.</summary>
internal static class RankPayloads
{
    /// <summary>More than any time in microseconds, or bandwidth; of which squares and sums are numbers still.</summary>
    private const double Most = 1e18;

    /// <summary>More than a buffer has; of which the sum over all ranks is a number still.</summary>
    private const long MostElements = 1L << 40;

    /// <summary>What <paramref name="rank"/> measured.</summary>
    /// <param name="json">What it sent.</param>
    /// <param name="rank">Its rank within its group.</param>
    /// <exception cref="RunException">It sent something else.</exception>
    public static RankMeasurement Measurement(ReadOnlySpan<byte> json, int rank) => PayloadJson.Read(
        json, MeasurementJson.Default.RankMeasurement, $"what rank {rank} measured",
        one => one.Iterations > 0 && IsTime(one.OwnUs) && IsTime(one.CompleteUs) && IsTime(one.EnqueueUs)
            && Array.TrueForAll(one.SamplesUs, IsTime) && one.Blocks.Length <= WaitRecorder.Most
            && Array.TrueForAll(one.Blocks, block => IsTime(block.Time) && IsTime(block.Waited) && IsTime(block.Sending))
            && one.Waiting is not (< 0 or > 1 or double.NaN) && one.Wrong is not (< 0 or > MostElements));

    /// <summary>The result of a size, as rank 0 tells it.</summary>
    /// <exception cref="RunException">It sent something else.</exception>
    public static SizeResult SizeResult(ReadOnlySpan<byte> json) => PayloadJson.Read(
        json, ResultsJson.Default.SizeResult, "the server's result of a size",
        result => PayloadJson.IsWhole(result.Ranks) && IsTime(result.EnqueueUs) && IsTime(result.Bandwidth)
            && IsTime(result.BusBandwidth) && AreTimes(result.TimeUs) && result.BlocksUs?.All(IsTime) == true
            && result.Ranks.All(rank => AreTimes(rank.TimeUs))
            && result.Precision is null or { Reached: null or (>= 0 and <= Most), Batches: >= 0 }
            && (result.Lateness is not { } late || (IsTime(late.Seconds) && PayloadJson.IsWhole(late.Ranks)
                && late is { Blocks: >= 0, HeldUp: >= 0 } && late.HeldUp <= late.Blocks
                && late.Ranks.All(rank => IsTime(rank.LostSeconds) && rank.Blocks <= late.HeldUp))));

    /// <summary>What a process's NCCL did.</summary>
    /// <exception cref="RunException">It sent something else.</exception>
    public static NcclSection NcclSection(ReadOnlySpan<byte> json) => PayloadJson.Read(
        json, ResultsJson.Default.NcclSection, "what a process says of its NCCL",
        section => (section.InitMs is not { } time || IsTime(time))
            && PayloadJson.IsWhole(section.Connections) && section.Connections.All(one => one.Devices is not null)
            && PayloadJson.IsWhole(section.Warnings) && PayloadJson.IsWhole(section.NetworkDevices));

    private static bool AreTimes(TimeStatistics times) =>
        IsTime(times.Avg) && IsTime(times.Min) && IsTime(times.Max) && IsTime(times.Stddev)
        && IsTime(times.P50) && IsTime(times.P95) && IsTime(times.P99);

    private static bool IsTime(double value) => value is >= 0 and <= Most;
}
