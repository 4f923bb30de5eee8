using System.Globalization;
using Nperf.Core.Options;
using Nperf.Core.Results;
using Nperf.Launch;

namespace Nperf.Reports;

/// <summary>The options of a run as words of a command line, without those that are at their default.</summary>
internal sealed class RepeatOptions
{
    private const string Collectives = "collectives";

    private static readonly RunOptions Defaults = new();

    private readonly List<string> _words = [];

    /// <summary>What <paramref name="document"/> says was asked for, with a space before it, as a shell reads it.</summary>
    public static string Of(ResultsDocument document)
    {
        ConfigSection config = document.Config;
        var options = new RepeatOptions();
        // What operations have is refused with pairs of ranks.
        if (config.Pattern == Collectives) options.AddOperations(config);
        else options.AddPattern(config.Pattern, document.Pairs);
        options.AddBoth(config);
        return options._words.Count == 0 ? "" : $" {ShellText.Command(options._words)}";
    }

    private void AddPattern(string pattern, PairsSection? pairs)
    {
        Add("--pattern", pattern);
        if (pairs is not null) Add("-b", Size(pairs.Bytes));
    }

    private void AddOperations(ConfigSection config)
    {
        Add("--op", config.Operation);
        Add("--dtype", config.DataType, "float32");
        Add("--redop", config.ReduceOp, "sum");
        Add("--root", config.Root, "0");
        Add("--spread", Number(config.Spread), Number(Defaults.Spread));
        if (config.HasTraffic) Add("--traffic", "FILE");
        Add("--split", config.Split ?? "", "");
        Add("--in-place", config.InPlace, "no");
        Add("-b", Size(config.MinBytes), Size(Defaults.MinBytes));
        Add("-B", Size(config.MaxBytes), Size(config.MinBytes));
        if (config.StepBytes > 0) Add("--step-bytes", Size(config.StepBytes));
        else Add("-S", Number(config.StepFactor), "2");
        Add("--precision", $"{Number(Math.Round(100 * config.Precision, 6))}%", "0%");
        Add("-O", Number(config.OmitSeconds), "0");
        Add("-w", Number(config.WarmupIterations), Number(Defaults.WarmupIterations));
        Add("--cycles", Number(config.Cycles), "1");
        Add("--algo", config.Algorithm, RunOptions.AutoName);
        if (config.AlgorithmTable is { Count: > 0 }) Add("--algo-table", "FILE");
        if (config.GraphLaunches > 0) _words.Add($"--graph={Number(config.GraphLaunches)}");
        Add("--aggregate", Number(config.Aggregate), "1");
        Add("--sync", config.Sync, "none");
    }

    private void AddBoth(ConfigSection config)
    {
        if (config.Seconds > 0) Add("-t", Number(config.Seconds));
        else Add("-i", Number(config.Iterations), Number(Defaults.Iterations));
        Add("--verify", config.Verify, "once");
        Add("--verify-tolerance", Number(config.VerifyTolerance), "0");
        Add("--backend", config.Backend);
        Add("--transport", config.Transport, "auto");
        Add("--streams", Number(config.Streams), "1");
        Add("--tcp-congestion", config.TcpCongestion ?? "", "");
        Add("--wait", config.Wait, "auto");
        Add("--proto", config.Protocol, RunOptions.AutoName);
        Add("--register", config.Register, "none");
        Add("--cta-policy", config.CtaPolicy, "default");
    }

    private void Add(string option, string value, string? ifNot = null)
    {
        if (value != ifNot) _words.AddRange([option, Output.ErrorLine.OneLine(value)]);
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Size(long bytes)
    {
        (int Shift, string Unit)[] units = [(40, "T"), (30, "G"), (20, "M"), (10, "K")];
        foreach ((int shift, string unit) in units)
        {
            if (bytes > 0 && bytes % (1L << shift) == 0) return $"{bytes >> shift}{unit}";
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }
}
