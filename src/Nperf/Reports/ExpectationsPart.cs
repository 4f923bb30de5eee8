using Nperf.Core.Results;
using Nperf.Output;
using static Nperf.Reports.ReportPage;

namespace Nperf.Reports;

/// <summary>What was expected of the runs, and what became of it.</summary>
internal static class ExpectationsPart
{
    public static Markup Build(IReadOnlyList<ReportRun> runs)
    {
        var all = runs.SelectMany(run => run.Document.Expectations ?? [], (run, expectation) => new { Run = run, Expectation = expectation }).ToArray();
        return all.Length == 0 ? Markup.None : Markup.Of($"""
            <section aria-labelledby="expectations"><h2 id="expectations">Expectations</h2>
            <div class="scroll" tabindex="0" role="group" aria-label="Table of the expectations"><table><caption>What was expected</caption>
            <thead><tr>{(runs.Count > 1 ? new Markup("<th scope=\"col\">run</th>") : Markup.None)}<th scope="col">expected</th><th scope="col">met</th><th scope="col" class="n">results</th><th scope="col">what is not as expected</th></tr></thead><tbody>
            {Markup.Join(all.Select(one => Markup.Of($"""
                <tr{new Markup(one.Expectation.Met ? "" : " class=\"wrong\"")}>{(runs.Count > 1 ? Markup.Of($"<td>{one.Run.Name}</td>") : Markup.None)}<td><code>{one.Expectation.Expectation}</code></td><td>{(one.Expectation.Met ? "yes" : "no")}</td><td class="n">{one.Expectation.Checked}</td><td>{Failures(one.Expectation)}</td></tr>
                """)))}</tbody></table></div></section>

            """);
    }

    private static Markup Failures(ExpectationSection expectation) =>
        expectation.Failures.Count == 0 ? new Markup(expectation.Met ? "" : "there is no such result") : Markup.Of($"""
            <ul>{Markup.Join(expectation.Failures.Select(failure => Markup.Of($"<li>{Failure(failure)}</li>")))}</ul>
            """);

    private static string Failure(ExpectationFailure failure) =>
        $"{Summary.NameOf(failure.Operation, failure.DataType, failure.ReduceOp, failure.Root, failure.InPlace)} at {Size(failure.Bytes)}: "
        + $"{(failure.Unit == "us" ? Time(failure.Value) : NumberFormat.Bandwidth(failure.Value))} {failure.Unit}"
        + (failure.MissedBy is { } part ? $", off by {NumberFormat.Percent(part)}" : "");
}
