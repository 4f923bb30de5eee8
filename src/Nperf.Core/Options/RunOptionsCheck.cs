using Nperf.Core.Host.Algorithms;

namespace Nperf.Core.Options;

/// <summary>The bounds of every option by itself: what may come from a program or a network is within them before a run is built on it.</summary>
internal static class RunOptionsCheck
{
    private const double MostSeconds = 1e6;
    private const int LongestName = 64;

    private static readonly (string Name, string Range, Func<RunOptions, bool> IsGood)[] Bounds =
    [
        (nameof(RunOptions.Operations), "names of operations, at least one",
            options => options.Operations is { Count: > 0 } names && names.All(name => name is not null && Collectives.Operations.Find(name) is not null)),
        (nameof(RunOptions.Pattern), "one of its names", options => Enum.IsDefined(options.Pattern)),
        (nameof(RunOptions.PairBytes), "0 or more", options => options.PairBytes >= 0),
        (nameof(RunOptions.DataTypes), "data types, at least one",
            options => options.DataTypes is { Count: > 0 } types && types.All(Enum.IsDefined)),
        (nameof(RunOptions.Reductions), "reductions, at least one",
            options => options.Reductions is { Count: > 0 } reductions && reductions.All(Enum.IsDefined)),
        (nameof(RunOptions.Roots), "ranks from 0 on", options => options.Roots is { } roots && roots.All(root => root >= 0)),
        (nameof(RunOptions.Spread), "from 0 to 1", options => options.Spread is >= 0 and <= 1),
        (nameof(RunOptions.Traffic), "square, of bytes from 0 on that are not all 0", options => options.Traffic is null or { IsSound: true }),
        (nameof(RunOptions.UnscaledTraffic), "for a Traffic alone", options => options.Traffic is not null || !options.UnscaledTraffic),
        (nameof(RunOptions.Split), "a kind and a number that it can take", options => options.Split is null or { IsSound: true }),
        (nameof(RunOptions.InPlace), "one of its names", options => Enum.IsDefined(options.InPlace)),
        (nameof(RunOptions.MinBytes), "1 or more", options => options.MinBytes > 0),
        (nameof(RunOptions.StepBytes), "0 or more", options => options.StepBytes >= 0),
        (nameof(RunOptions.StepFactor), "more than 1",
            options => double.IsFinite(options.StepFactor) && (options.StepFactor > 1 || options.StepBytes > 0)),
        (nameof(RunOptions.MaxBytes), $"MinBytes or more, and not more than {RunOptions.MostSizes} sizes from there",
            options => options.Sizes().Take(RunOptions.MostSizes + 1).Count() is > 0 and <= RunOptions.MostSizes),
        (nameof(RunOptions.Iterations), "1 or more", options => options.Iterations > 0),
        (nameof(RunOptions.WarmupIterations), "0 or more", options => options.WarmupIterations >= 0),
        (nameof(RunOptions.Seconds), $"from 0 to {MostSeconds:0}", options => options.Seconds is >= 0 and <= MostSeconds),
        (nameof(RunOptions.OmitSeconds), $"from 0 to {MostSeconds:0}", options => options.OmitSeconds is >= 0 and <= MostSeconds),
        (nameof(RunOptions.Precision), "from 0 to less than 1", options => options.Precision is >= 0 and < 1),
        (nameof(RunOptions.Cycles), "0 or more", options => options.Cycles >= 0),
        (nameof(RunOptions.Verify), "one of its names", options => Enum.IsDefined(options.Verify)),
        (nameof(RunOptions.VerifyTolerance), "from 0 to less than 1", options => options.VerifyTolerance is >= 0 and < 1),
        (nameof(RunOptions.Backend), "one of its names", options => Enum.IsDefined(options.Backend)),
        (nameof(RunOptions.Transport), "one of its names", options => Enum.IsDefined(options.Transport)),
        (nameof(RunOptions.Streams), $"from 1 to {RunOptions.MostStreams}", options => options.Streams is > 0 and <= RunOptions.MostStreams),
        (nameof(RunOptions.Interfaces), $"names, at most {RunOptions.MostStreams}",
            options => options.Interfaces is { Count: <= RunOptions.MostStreams } names && names.All(IsName)),
        (nameof(RunOptions.TcpCongestion), "a name", options => options.TcpCongestion is null || IsName(options.TcpCongestion)),
        (nameof(RunOptions.Algorithm), "a name", options => options.Algorithm is not null),
        (nameof(RunOptions.AlgorithmTable), "of algorithms that their operations have",
            options => options.AlgorithmTable is not { } table || (table.IsSound && table.Rules.All(HostAlgorithms.Has))),
        (nameof(RunOptions.Wait), "one of its names", options => Enum.IsDefined(options.Wait)),
        (nameof(RunOptions.Protocol), "a name", options => options.Protocol is not null),
        (nameof(RunOptions.GraphLaunches), "0 or more", options => options.GraphLaunches >= 0),
        (nameof(RunOptions.Aggregate), "1 or more", options => options.Aggregate > 0),
        (nameof(RunOptions.Register), "one of its names", options => Enum.IsDefined(options.Register)),
        (nameof(RunOptions.CtaPolicy), "one of its names", options => Enum.IsDefined(options.CtaPolicy)),
        (nameof(RunOptions.Sync), "one of its names", options => Enum.IsDefined(options.Sync)),
        (nameof(RunOptions.TimeoutSeconds), $"more than 0, to {MostSeconds:0}", options => IsWait(options.TimeoutSeconds)),
    ];

    /// <summary>The first option that is out of its bounds, and the bounds, or null.</summary>
    public static string? Refusal(RunOptions options)
    {
        foreach ((string name, string range, Func<RunOptions, bool> isGood) in Bounds)
            if (!isGood(options)) return $"{name} has to be {range}";
        return null;
    }

    /// <summary>True for how long something may be waited for, seconds.</summary>
    public static bool IsWait(double seconds) => seconds is > 0 and <= MostSeconds;

    private static bool IsName(string name) => name is { Length: > 0 and <= LongestName };
}
