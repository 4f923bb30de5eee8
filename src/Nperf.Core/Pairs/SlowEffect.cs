using Nperf.Core.Statistics;

namespace Nperf.Core.Pairs;

/// <summary>What is slow in a table of speeds: a sender, a receiver, or a direction of a pair.</summary>
/// <param name="Sender">The rank that sends slowly; null where it is about a receiver.</param>
/// <param name="Receiver">The rank that receives slowly; null where it is about a sender. Both: about the pair.</param>
/// <param name="Ratio">Its speed over what is typical of it.</param>
internal readonly record struct SlowEffect(int? Sender, int? Receiver, double Ratio)
{
    /// <summary>A rank is not slow that loses no more than this part of its speed; a pair, of which there are more, than that.</summary>
    public const double LeastLossOfRank = 0.15, LeastLossOfPair = 0.3;

    /// <summary>And not one that lies within so many standard deviations of what the others do.</summary>
    public const double Deviations = 6;

    /// <summary>Fewer ranks cannot be told apart: each pair has two ends.</summary>
    public const int FewestRanks = 3;

    /// <summary>
    /// The slow ones of <paramref name="speeds"/>: by sender and receiver, in any unit; NaN where there is none. The logarithms are
    /// fitted by <see cref="MedianPolish"/>: log speed = typical + sender + receiver + rest. An effect counts that is below
    /// both minus <see cref="Deviations"/> of its spread and the logarithm of what is left after the least loss. The spread of the
    /// rest is widened by the square root of values over degrees of freedom, n² - n over n² - 3n + 1 where none is
    /// missing, since the fit takes its part; that of the effects is no less than what the rest alone lets a median of so
    /// many values have: sqrt(pi/2) deviations over the root of their number.
    /// </summary>
    public static IReadOnlyList<SlowEffect> Find(double[,] speeds)
    {
        int ranks = speeds.GetLength(0);
        double[,] logs = (double[,])speeds.Clone();
        int[] inRow = new int[ranks], inColumn = new int[ranks];
        for (int from = 0; from < ranks; from++)
        {
            for (int to = 0; to < ranks; to++)
            {
                logs[from, to] = Math.Log(logs[from, to]);
                if (double.IsNaN(logs[from, to])) continue;
                inRow[from]++;
                inColumn[to]++;
            }
        }

        int taking = inRow.Count(count => count > 0);
        if (taking < FewestRanks) return [];
        MedianPolish fit = MedianPolish.Of(logs);
        int values = inRow.Sum();
        double free = Math.Max(1, values - 2 * taking + 1);
        double noise = MedianPolish.Spread(Both(fit.Rest.Cast<double>())) * Math.Sqrt(values / free);
        var found = new List<SlowEffect>();
        AddRanks(fit.Rows, inRow, (rank, ratio) => new SlowEffect(rank, null, ratio));
        AddRanks(fit.Columns, inColumn, (rank, ratio) => new SlowEffect(null, rank, ratio));
        double leastOfPair = Math.Max(-Math.Log(1 - LeastLossOfPair), Deviations * noise);
        for (int from = 0; from < ranks; from++)
            for (int to = 0; to < ranks; to++)
                if (fit.Rest[from, to] < -leastOfPair) found.Add(new SlowEffect(from, to, Math.Exp(fit.Rest[from, to])));
        return found;

        void AddRanks(IReadOnlyList<double> effects, int[] counts, Func<int, double, SlowEffect> of)
        {
            double ofMedian = Math.Sqrt(Math.PI / 2) * noise / Math.Sqrt(Math.Max(1, counts.Max()));
            double spread = Math.Max(MedianPolish.Spread(effects.Where((_, rank) => counts[rank] > 0)), ofMedian);
            double least = Math.Max(-Math.Log(1 - LeastLossOfRank), Deviations * spread);
            for (int rank = 0; rank < ranks; rank++)
                if (effects[rank] < -least) found.Add(of(rank, Math.Exp(effects[rank])));
        }
    }

    // The rest lies around 0 by what it is, not around its median: both signs of each value say so.
    private static IEnumerable<double> Both(IEnumerable<double> values) => values.SelectMany(value => new[] { value, -value });
}
