using Nperf.Arguments;
using Nperf.Core;
using Nperf.Core.Comparison;
using Nperf.Output;

namespace Nperf;

/// <summary><c>nperf compare</c>: runs after a change against those before it.</summary>
internal static class CompareCommand
{
    /// <summary>Reads, compares and prints; returns the exit code.</summary>
    public static int Execute(CompareOptions options)
    {
        try
        {
            IReadOnlyList<RunDocument> before = Read(options.Base), after = Read(options.New);
            string[] notes = [.. Differences(before, after, options.Force)];
            RunComparison comparison = RunComparison.Of([.. before.Select(run => run.Document)], [.. after.Select(run => run.Document)]);
            var report = new CompareReport(before, after, comparison, options.MaxRegression, notes);
            using Stream output = StandardStreams.Output();
            output.Write(options.Json ? report.ToJson() : System.Text.Encoding.UTF8.GetBytes(report.ToText()));
            return comparison.IsWorse(options.MaxRegression) ? ExitCode.NotAsExpected : ExitCode.Done;
        }
        catch (RunException exception)
        {
            StandardStreams.TrySay(StandardStreams.Error, ErrorLine.Of(exception.Failure));
            return ExitCode.Of(exception.Failure);
        }
    }

    private static RunDocument[] Read(IReadOnlyList<string> paths) => [.. DocumentPaths.Of(paths, "compared").Select(RunDocument.Read)];

    /// <summary>What the runs differ in beside their times: refused, or with <paramref name="force"/> noted.</summary>
    private static string[] Differences(IReadOnlyList<RunDocument> before, IReadOnlyList<RunDocument> after, bool force)
    {
        RunDocument first = before[0];
        string[] differences =
        [
            .. before.Concat(after).Skip(1)
                .Select(run => (run.Name, What: Comparability.Differences(first.Document, run.Document)))
                .Where(run => run.What.Count > 0)
                .Select(run => $"{first.Name} and {run.Name} are not of the same: {string.Join(", ", run.What)} differ"),
        ];
        if (differences.Length > 0 && !force)
            throw new RunException(FailureKind.Usage, $"{differences[0]}; --force compares what both measured");
        return differences;
    }
}
