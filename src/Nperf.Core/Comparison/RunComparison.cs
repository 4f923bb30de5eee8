using Nperf.Core.Results;

namespace Nperf.Core.Comparison;

/// <summary>How one size compares.</summary>
/// <param name="Key">What it is.</param>
/// <param name="BaseUs">The base's typical time, microseconds: the geometric mean over its runs.</param>
/// <param name="NewUs">The new side's.</param>
/// <param name="Difference">What that says.</param>
internal sealed record ComparedSize(ResultKey Key, double BaseUs, double NewUs, Difference Difference);

/// <summary>
/// Runs before and after a change, set against each other. A run counts as one observation, however many iterations it
/// had, because a process keeps the pace that it began with: what is told apart is sides, from how runs differ within them.
/// </summary>
internal sealed class RunComparison
{
    private RunComparison(IReadOnlyList<ComparedSize> sizes, Difference overall, bool noiseIsKnown) =>
        (Sizes, Overall, NoiseIsKnown) = (sizes, overall, noiseIsKnown);

    /// <summary>What both sides measured.</summary>
    public IReadOnlyList<ComparedSize> Sizes { get; }

    /// <summary>All sizes together: those that vary less count for more.</summary>
    public Difference Overall { get; }

    /// <summary>False where there were too few runs a side to know how runs differ: then it is assumed.</summary>
    public bool NoiseIsKnown { get; }

    /// <summary>True where anything is slower by more than noise and more than <paramref name="allowed"/>, a part of the time.</summary>
    public bool IsWorse(double allowed) => Overall.IsWorse(allowed) || Sizes.Any(size => size.Difference.IsWorse(allowed));

    /// <summary>Compares what all runs measured.</summary>
    /// <param name="before">The base's runs, at least one.</param>
    /// <param name="after">The new side's.</param>
    /// <exception cref="RunException">There is nothing that all measured.</exception>
    public static RunComparison Of(IReadOnlyList<ResultsDocument> before, IReadOnlyList<ResultsDocument> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        Dictionary<ResultKey, TypicalTime>[] bases = [.. before.Select(TypicalTimes)], news = [.. after.Select(TypicalTimes)];
        ResultKey[] keys = [.. bases[0].Keys.Where(key => bases.Concat(news).All(run => run.ContainsKey(key)))];
        if (keys.Length == 0) throw new RunException(FailureKind.Usage, "there is no size that all of these runs measured");
        double alpha = NoiseTest.FalseAlarms / 2;
        ComparedSize[] sizes = [.. keys.Select(key => SizeOf(key, At(bases, key), At(news, key), alpha / keys.Length))];
        double[] weights = [.. keys.Select(key => WeightOf(At(bases, key), At(news, key)))];
        Difference overall = NoiseTest.Of(All(bases, keys, weights), All(news, keys, weights), alpha);
        return new RunComparison(sizes, overall, Math.Min(bases.Length, news.Length) >= NoiseTest.RunsToKnow);
    }

    /// <summary>A run's typical times; of several cycles, which share its pace, the mean.</summary>
    private static Dictionary<ResultKey, TypicalTime> TypicalTimes(ResultsDocument document) =>
        document.Results.Where(result => !result.Partial).GroupBy(ResultKey.Of).ToDictionary(cycles => cycles.Key, cycles =>
        {
            TypicalTime[] times = [.. cycles.Select(result => TypicalTime.Of(result.BlocksUs))];
            return new TypicalTime(times.Average(time => time.Log), times.Average(time => time.Variance) / times.Length);
        });

    private static TypicalTime[] At(Dictionary<ResultKey, TypicalTime>[] runs, ResultKey key) => [.. runs.Select(run => run[key])];

    private static ComparedSize SizeOf(ResultKey key, TypicalTime[] before, TypicalTime[] after, double alpha) => new(
        key, Math.Exp(before.Average(run => run.Log)), Math.Exp(after.Average(run => run.Log)), NoiseTest.Of(before, after, alpha));

    /// <summary>One over the variance, from both sides alike so that it does not know which is which.</summary>
    private static double WeightOf(TypicalTime[] before, TypicalTime[] after)
    {
        double within = before.Concat(after).Average(run => run.Variance);
        double squares = NoiseTest.SquaresAround(before) + NoiseTest.SquaresAround(after);
        double between = squares / Math.Max(1, before.Length + after.Length - 2);
        return 1 / (within + between + (NoiseTest.AssumedBetweenRuns * NoiseTest.AssumedBetweenRuns));
    }

    /// <summary>For each run all its sizes in one: the mean of their logarithms by weight.</summary>
    private static TypicalTime[] All(Dictionary<ResultKey, TypicalTime>[] runs, ResultKey[] keys, double[] weights)
    {
        double sum = weights.Sum();
        return [.. runs.Select(run => new TypicalTime(
            keys.Select((key, i) => run[key].Log * weights[i]).Sum() / sum,
            keys.Select((key, i) => run[key].Variance * weights[i] * weights[i]).Sum() / (sum * sum)))];
    }
}
