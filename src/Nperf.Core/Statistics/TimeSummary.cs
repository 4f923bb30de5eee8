using Nperf.Core.Results;

namespace Nperf.Core.Statistics;

/// <summary>Statistics of iteration times.</summary>
internal static class TimeSummary
{
    /// <summary>Summarises single times in microseconds around a headline that was measured apart from them.</summary>
    /// <param name="average">The headline, microseconds.</param>
    /// <param name="samples">Single times, microseconds, in any order; sorted in place. May be empty.</param>
    /// <remarks>
    /// Percentiles are nearest-rank: the smallest sample that at least p % of them do not exceed. The deviation is that
    /// of the samples around their own mean (divided by n-1). Without samples everything is the headline.
    /// </remarks>
    public static TimeStatistics Of(double average, Span<double> samples)
    {
        if (samples.IsEmpty)
        {
            return new TimeStatistics
            {
                Avg = average,
                Min = average,
                Max = average,
                Stddev = 0,
                P50 = average,
                P95 = average,
                P99 = average,
                Samples = 0,
            };
        }
        samples.Sort();
        return new TimeStatistics
        {
            Avg = average,
            Min = samples[0],
            Max = samples[^1],
            Stddev = StandardDeviation(samples),
            P50 = Percentile(samples, 50),
            P95 = Percentile(samples, 95),
            P99 = Percentile(samples, 99),
            Samples = samples.Length,
        };
    }

    /// <summary>The nearest-rank percentile of sorted samples.</summary>
    /// <param name="sorted">At least one sample, in ascending order.</param>
    /// <param name="percent">Above 0, at most 100.</param>
    public static double Percentile(ReadOnlySpan<double> sorted, double percent)
    {
        int rank = (int)Math.Ceiling(percent / 100 * sorted.Length);
        return sorted[Math.Clamp(rank, 1, sorted.Length) - 1];
    }

    /// <summary>The sample standard deviation; 0 for a single sample.</summary>
    public static double StandardDeviation(ReadOnlySpan<double> samples)
    {
        if (samples.Length < 2) return 0;
        double mean = 0;
        foreach (double sample in samples) mean += sample;
        mean /= samples.Length;
        double squares = 0;
        foreach (double sample in samples) squares += (sample - mean) * (sample - mean);
        return Math.Sqrt(squares / (samples.Length - 1));
    }
}
