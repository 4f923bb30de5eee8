using Nperf.Core.Statistics;

namespace Nperf.Core.Comparison;

/// <summary>Whether two sides differ by more than what runs of the same thing differ by.</summary>
internal static class NoiseTest
{
    /// <summary>The chance that a comparison of equals calls anything different: half of it for all sizes together, half for single ones.</summary>
    public const double FalseAlarms = 0.02;

    /// <summary>So many runs a side, and their own differences are the noise; with fewer it has to be assumed.</summary>
    public const int RunsToKnow = 3;

    /// <summary>
    /// Where it has to be assumed: the standard deviation from process to process of one build on one machine, as a part of
    /// the time. A process keeps the pace that it began with (memory, interrupts, which processors), and no run shows it.
    /// </summary>
    public const double AssumedBetweenRuns = 0.01;

    /// <summary>The difference of the means of logarithms of times, with the noise that it has to exceed.</summary>
    /// <param name="before">A typical time for each run.</param>
    /// <param name="after">Likewise.</param>
    /// <param name="alpha">The chance of a false alarm.</param>
    public static Difference Of(IReadOnlyList<TypicalTime> before, IReadOnlyList<TypicalTime> after, double alpha)
    {
        double difference = after.Average(run => run.Log) - before.Average(run => run.Log);
        (double variance, int freedom) = Noise(before, after);
        double error = Math.Sqrt(variance * ((1.0 / before.Count) + (1.0 / after.Count)));
        return new Difference(difference, error * StudentT.TwoSided(alpha, freedom));
    }

    /// <summary>The variance from run to run, and with how many degrees of freedom it is known.</summary>
    private static (double Variance, int Freedom) Noise(IReadOnlyList<TypicalTime> before, IReadOnlyList<TypicalTime> after)
    {
        TypicalTime[] all = [.. before, .. after];
        int freedom = all.Length - 2;
        double seen = freedom > 0 ? (SquaresAround(before) + SquaresAround(after)) / freedom : 0;
        if (Math.Min(before.Count, after.Count) >= RunsToKnow) return (seen, freedom);
        double assumed = (AssumedBetweenRuns * AssumedBetweenRuns) + all.Average(run => run.Variance);
        return (Math.Max(assumed, seen), StudentT.Many);
    }

    /// <summary>The sum of squares around the mean.</summary>
    public static double SquaresAround(IReadOnlyList<TypicalTime> runs)
    {
        double mean = runs.Average(run => run.Log);
        return runs.Sum(run => (run.Log - mean) * (run.Log - mean));
    }
}
