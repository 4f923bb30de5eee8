using Nperf.Core.Benchmarking;
using Nperf.Core.Options;

namespace Nperf.Arguments;

/// <summary>
/// <c>nperf pairs</c> and <c>nperf find-slow</c>, which are <c>--pattern</c> by its values' names, and what that does not go
/// together with. Each mistake is noted by name.
/// </summary>
internal static class PatternCombinations
{
    /// <summary>How long each pair is timed where nobody says, seconds.</summary>
    public const double DefaultSeconds = 0.1;

    /// <summary>The first words of a command line that stand for <c>--pattern</c> with the same value.</summary>
    public static IReadOnlyList<string> Words { get; } = ["pairs", "find-slow"];

    private static readonly OptionDefinition[] Taken =
    [
        OptionTable.Pattern, OptionTable.Bytes, OptionTable.Iters, OptionTable.Time, OptionTable.Verify, OptionTable.VerifyTolerance,
        OptionTable.Backend, OptionTable.Transport, OptionTable.Streams, OptionTable.TcpCongestion, OptionTable.Wait, OptionTable.Proto,
        OptionTable.Register, OptionTable.CtaPolicy,
    ];

    /// <summary>The words of a command line, with the option that the first of them stands for.</summary>
    public static IReadOnlyList<string> Expand(IReadOnlyList<string> args) =>
        args.Count > 0 && Words.Contains(args[0]) ? [OptionTable.Pattern.Name, .. args] : args;

    public static void Check(GivenOptions given, RunOptions run, ProcessOptions process)
    {
        if (run.Pattern == RunPattern.Collectives) return;
        string name = given.Text(OptionTable.Pattern)!;
        foreach (OptionDefinition option in OptionTable.All.Where(one => one.IsRunOption && given.Has(one)).Except(Taken))
            given.Refuse(option, $"has nothing to do with {name}, which sends from rank to rank{Instead(option)}");
        if (given.HasGood(OptionTable.Verify) && run.Verify == VerifyMode.Each)
            given.Refuse(OptionTable.Verify, $"'each' is not for {name}: each pair is checked once, or with none not at all");
        if (given.HasGood(OptionTable.Backend) && run.Backend == Backend.Mpi)
            given.Refuse(OptionTable.Backend, $"'mpi' has collectives alone; {name} takes nccl or host, which run in an MPI job too");
        if (given.HasGood(OptionTable.Format) && given.Text(OptionTable.Format) is "nccl-tests" or "prometheus")
            given.Refuse(OptionTable.Format, $"'{given.Text(OptionTable.Format)}' is for sizes of operations; {name} has table, json and csv");
        foreach (OptionDefinition option in new[] { OptionTable.Expect, OptionTable.ExpectFile, OptionTable.ExpectPreset }.Where(given.Has))
            given.Refuse(option, $"is about operations, and {name} runs none; find-slow exits with 4 where something is slow");
        bool ranksAreKnown = process.Mode == Mode.Local && process.RanksPerProcess > 0
            && given.IsSound(OptionTable.NumGpus) && given.IsSound(OptionTable.RanksPerNode);
        if (ranksAreKnown && PatternRun.Refusal(run.Pattern, process.RanksPerProcess) is { } refusal)
            given.Refuse(OptionTable.Pattern, $"{refusal} (-n)");
    }

    private static string Instead(OptionDefinition option) =>
        option == OptionTable.MaxBytes || option == OptionTable.Step || option == OptionTable.StepBytes ? ": its one size is -b" : "";
}
