namespace Nperf.Core.Statistics;

/// <summary>Single times of a run in few numbers that still tell how they varied in the course of it.</summary>
internal static class TimeBlocks
{
    /// <summary>The most blocks.</summary>
    public const int Most = 32;

    /// <summary>
    /// Averages of consecutive times over all ranks, microseconds to the nanosecond; none where a rank has no single times.
    /// </summary>
    /// <param name="samples">Each rank's times in the order in which they were taken, at the same iterations on all ranks.</param>
    public static IReadOnlyList<double> Of(IReadOnlyList<double[]> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        int count = samples.Select(one => one.Length).DefaultIfEmpty(0).Min();
        double[] blocks = new double[Math.Min(Most, count)];
        for (int i = 0; i < blocks.Length; i++)
        {
            Range block = (int)((long)i * count / blocks.Length)..(int)((i + 1L) * count / blocks.Length);
            blocks[i] = Math.Round(samples.Average(one => one[block].Average()), 3);
        }

        return blocks;
    }
}
