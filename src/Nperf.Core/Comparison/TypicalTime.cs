using Nperf.Core.Statistics;

namespace Nperf.Core.Comparison;

/// <summary>The time of an iteration in one run, robust against a few that were disturbed, and how sure it is.</summary>
/// <param name="Log">The natural logarithm of the median of the blocks, in microseconds.</param>
/// <param name="Variance">The variance of that logarithm, as far as this run can tell.</param>
internal readonly record struct TypicalTime(double Log, double Variance)
{
    private const int Resamples = 100;

    /// <summary>From the averages of consecutive iterations (<see cref="Results.SizeResult.BlocksUs"/>), at least one and above 0.</summary>
    /// <remarks>
    /// The variance is that of a bootstrap by moving blocks (Künsch 1989), since neighbours in time are alike: stretches of the
    /// run are drawn at random until they are as long as it. The same numbers always give the same variance.
    /// </remarks>
    public static TypicalTime Of(IReadOnlyList<double> blocks)
    {
        double[] logs = [.. blocks.Select(block => Math.Log(block))];
        int length = Math.Max(1, (int)Math.Round(Math.Cbrt(logs.Length)));
        var random = new Random(logs.Length); // A seed makes the sequence the same everywhere.
        double[] drawn = new double[logs.Length];
        double sum = 0, squares = 0;
        for (int resample = 0; resample < Resamples; resample++)
        {
            for (int i = 0; i < drawn.Length;)
            {
                int start = random.Next(logs.Length - length + 1);
                for (int j = 0; j < length && i < drawn.Length; j++) drawn[i++] = logs[start + j];
            }

            double median = MedianPolish.Median(drawn);
            sum += median;
            squares += median * median;
        }

        double mean = sum / Resamples;
        return new TypicalTime(MedianPolish.Median(logs), Math.Max(0, (squares / Resamples) - (mean * mean)));
    }
}
