namespace Nperf.Core.Statistics;

/// <summary>
/// The confidence interval of a mean whose observations follow each other in time and are alike the closer they are: the method
/// of batch means (Law and Kelton, "Simulation Modeling and Analysis"; Law and Carson, "A Sequential Procedure for
/// Determining the Length of a Steady-State Simulation", 1979). However many batches there are, they are taken together to 10 to
/// 19 long ones, so that what neighbours have in common stays within one; what is left of it widens the interval, as the
/// first autocorrelation says (Bayley and Hammersley, "The 'Effective' Number of Independent Observations", 1946), which
/// so few batches show too small (Marriott and Pope, "Bias in the Estimation of Autocorrelations", 1954).
/// </summary>
internal sealed class BatchMeans
{
    /// <summary>The fewest batches of which an interval is said to be narrow enough.</summary>
    public const int Fewest = 10;

    /// <summary>The chance that the mean lies outside the interval.</summary>
    public const double Outside = 0.05;

    /// <summary>Of the first autocorrelation no more is believed: batches that are more alike than this are too few to tell.</summary>
    private const double MostAlike = 0.9;

    private readonly List<double> _batches = [];

    /// <summary>How many batches there are.</summary>
    public int Count => _batches.Count;

    /// <summary>Adds the mean of the next batch, all of which have as many observations.</summary>
    public void Add(double mean) => _batches.Add(mean);

    /// <summary>Makes one batch of each two neighbours; a last one without is left out.</summary>
    public void Merge()
    {
        int pairs = _batches.Count / 2;
        for (int i = 0; i < pairs; i++) _batches[i] = (_batches[2 * i] + _batches[(2 * i) + 1]) / 2;
        _batches.RemoveRange(pairs, _batches.Count - pairs);
    }

    /// <summary>Half the width of the interval at 95 % as a part of the mean; null with fewer than two batches or a mean of 0.</summary>
    public double? HalfWidth()
    {
        double[] means = Together();
        double mean = means.Length == 0 ? 0 : means.Average();
        if (means.Length < 2 || mean <= 0) return null;
        double error = TimeSummary.StandardDeviation(means) / Math.Sqrt(means.Length);
        double alike = Math.Clamp(Autocorrelation(means, mean), 0, MostAlike);
        return error * Math.Sqrt((1 + alike) / (1 - alike)) * StudentT.TwoSided(Outside, means.Length - 1) / mean;
    }

    /// <summary>All batches, or as many as are together of each of 10 to 19; what does not fill one more is left out.</summary>
    private double[] Together()
    {
        int each = Math.Max(1, _batches.Count / Fewest);
        double[] means = new double[_batches.Count / each];
        for (int i = 0; i < means.Length; i++) means[i] = _batches.Slice(i * each, each).Average();
        return means;
    }

    /// <summary>The first autocorrelation without its bias: of n observations it is seen as r - (1 + 4r)/n.</summary>
    private static double Autocorrelation(double[] means, double mean)
    {
        double squares = 0, products = 0;
        for (int i = 0; i < means.Length; i++)
        {
            squares += (means[i] - mean) * (means[i] - mean);
            if (i > 0) products += (means[i] - mean) * (means[i - 1] - mean);
        }

        int n = means.Length;
        return squares > 0 && n > 4 ? ((n * products / squares) + 1) / (n - 4) : 0;
    }
}
