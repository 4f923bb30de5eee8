using System.Globalization;
using Nperf.Core.Data;

namespace Nperf.Core.Options;

/// <summary>
/// The options of a run as text: one canonical form for each, so that two command lines can be compared whatever way
/// they were written (<c>1024K</c> and <c>1M</c> are the same).
/// </summary>
internal static class RunOptionsText
{
    private static readonly (string Name, Func<RunOptions, string> Text)[] Table =
    [
        ("--op", options => string.Join(',', options.Operations)),
        ("--pattern", options => options.Pattern == RunPattern.FindSlow ? "find-slow" : Lower(options.Pattern)),
        ("--dtype", options => string.Join(',', options.DataTypes.Select(type => type.Name()))),
        ("--redop", options => string.Join(',', options.Reductions.Select(reduction => reduction.Name()))),
        ("--root", options => options.Roots.Count == 0 ? "all" : string.Join(',', options.Roots.Select(Number))),
        ("--spread", options => Number(options.Spread)),
        ("--traffic", options => options.Traffic?.ToString() ?? "none"),
        ("--split", options => options.Split?.ToString() ?? "none"),
        ("--in-place", options => Lower(options.InPlace)),
        ("--bytes", options => Size(options.MinBytes)),
        ("--max-bytes", options => Size(options.MaxBytes)),
        ("--step", options => Number(options.StepFactor)),
        ("--step-bytes", options => Size(options.StepBytes)),
        ("--iters", options => Number(options.Iterations)),
        ("--warmup", options => Number(options.WarmupIterations)),
        ("--time", options => Number(options.Seconds)),
        ("--omit", options => Number(options.OmitSeconds)),
        ("--precision", options => Number(options.Precision)),
        ("--cycles", options => Number(options.Cycles)),
        ("--verify", options => Lower(options.Verify)),
        ("--verify-tolerance", options => Number(options.VerifyTolerance)),
        ("--backend", options => Lower(options.Backend)),
        ("--transport", options => Lower(options.Transport)),
        ("--streams", options => Number(options.Streams)),
        ("--tcp-congestion", options => options.TcpCongestion ?? "the system's"),
        ("--algo", options => options.Algorithm),
        ("--algo-table", options => options.AlgorithmTable?.ToString() ?? "none"),
        ("--wait", options => Lower(options.Wait)),
        ("--proto", options => options.Protocol),
        ("--graph", options => Number(options.GraphLaunches)),
        ("--aggregate", options => Number(options.Aggregate)),
        ("--register", options => Lower(options.Register)),
        ("--cta-policy", options => Lower(options.CtaPolicy)),
        ("--sync", options => Lower(options.Sync)),
        ("--topology", options => options.Topology ? "on" : "off"),
    ];

    /// <summary>The options that have to be the same on every process, as named on the command line.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Select(row => row.Name)];

    /// <summary>The canonical text of the option <paramref name="name"/>, or null where there is no such option.</summary>
    public static string? Of(RunOptions options, string name)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach ((string row, Func<RunOptions, string> text) in Table)
        {
            if (row == name) return text(options);
        }

        return null;
    }

    /// <summary>The canonical texts of those options of <paramref name="options"/> that were <paramref name="given"/>.</summary>
    public static Dictionary<string, string> Given(RunOptions options, IReadOnlySet<string> given) =>
        Names.Where(given.Contains).ToDictionary(name => name, name => Of(options, name)!);

    /// <summary>A size in bytes in the largest unit it is a whole number of (powers of 1024), for example <c>1M</c>.</summary>
    public static string Size(long bytes)
    {
        const string Units = "KMGT";
        int unit = -1;
        while (bytes != 0 && bytes % 1024 == 0 && unit < Units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return unit < 0 ? Number(bytes) : Number(bytes) + Units[unit];
    }

    private static string Number<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
