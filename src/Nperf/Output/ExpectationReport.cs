using Nperf.Core.Expectations;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>What became of what was expected of a run.</summary>
internal static class ExpectationReport
{
    private const int MostFailuresListed = 3;

    /// <summary>The document with what became of <paramref name="expectations"/>: an error where one is not met, unless it has one.</summary>
    public static ResultsDocument Check(ResultsDocument document, IReadOnlyList<Expectation> expectations)
    {
        if (expectations.Count == 0) return document;
        ExpectationSection[] sections = [.. expectations.Select(one => one.Check(document.Results))];
        string[] lines = [.. Lines(sections)];
        return document with
        {
            Expectations = sections,
            Error = document.Error ?? (lines.Length == 0 ? null : new ErrorSection
            {
                Code = ResultsDocument.ExpectationsNotMet,
                Message = string.Join("; ", lines),
            }),
        };
    }

    /// <summary>A line for each that is not met: which, where, and by how much.</summary>
    public static IEnumerable<string> Lines(IEnumerable<ExpectationSection> expectations) =>
        expectations.Where(one => !one.Met).Select(one => $"not as expected: {one.Expectation}: {What(one)}");

    private static string What(ExpectationSection one)
    {
        if (one.Checked == 0) return "nothing of the kind was measured";
        // The worst first.
        ExpectationFailure[] failures = [.. one.Failures.OrderByDescending(failure => failure.MissedBy ?? failure.Value)];
        string[] listed = [.. failures.Take(MostFailuresListed).Select(What)];
        string more = failures.Length > MostFailuresListed ? $", and {failures.Length - MostFailuresListed} more" : "";
        return string.Join(", ", listed) + more;
    }

    private static string What(ExpectationFailure failure)
    {
        string figure = failure.Unit == "us" ? NumberFormat.Time(failure.Value) : NumberFormat.Bandwidth(failure.Value);
        string by = failure.MissedBy is { } part ? $", off by {NumberFormat.Percent(part)}" : "";
        string name = Summary.NameOf(failure.Operation, failure.DataType, failure.ReduceOp, failure.Root, failure.InPlace);
        string cycle = failure.Cycle > 1 ? $", cycle {failure.Cycle}" : "";
        return $"{figure} {failure.Unit} at {NumberFormat.Whole(failure.Bytes)} B ({name}{cycle}){by}";
    }
}
