namespace Nperf.Core.Statistics;

/// <summary>Student's t distribution for whole degrees of freedom.</summary>
internal static class StudentT
{
    /// <summary>From here on it is taken for the normal distribution.</summary>
    public const int Many = 1000;

    private const int Halvings = 200;

    /// <summary>How far from 0 a value is with the probability <paramref name="alpha"/> or less, to either side.</summary>
    /// <param name="alpha">More than 0, less than 1.</param>
    /// <param name="freedom">Degrees of freedom, from 1 on; <see cref="Many"/> at most count.</param>
    public static double TwoSided(double alpha, int freedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(freedom, 1);
        double low = 0, high = 1;
        while (Within(high, freedom) < 1 - alpha) high *= 2;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            if (Within(middle, freedom) < 1 - alpha) low = middle;
            else high = middle;
        }

        return high;
    }

    /// <summary>The probability of at most <paramref name="t"/> to either side: the sums of Abramowitz and Stegun, 26.7.3 and 26.7.4.</summary>
    private static double Within(double t, int freedom)
    {
        freedom = Math.Min(freedom, Many);
        double angle = Math.Atan(t / Math.Sqrt(freedom)), cosine = Math.Cos(angle);
        bool isOdd = freedom % 2 == 1;
        double term = isOdd ? cosine : 1, sum = freedom == 1 ? 0 : term;
        for (int k = isOdd ? 3 : 2; k <= freedom - 2; k += 2)
        {
            term *= (k - 1) / (double)k * cosine * cosine;
            sum += term;
        }

        return isOdd ? 2 / Math.PI * (angle + (Math.Sin(angle) * sum)) : Math.Sin(angle) * sum;
    }
}
