using Nperf.Core.Results;
using Nperf.Output;

namespace Nperf.Reports;

/// <summary>The ranks that held up the others throughout a run.</summary>
internal static class StragglersPart
{
    public static Markup Build(IReadOnlyList<ReportRun> runs) => Markup.Join(
        runs.SelectMany(run => run.Document.Stragglers ?? [], (run, straggler) => Straggler(run, straggler, runs.Count > 1)));

    private static Markup Straggler(ReportRun run, StragglerSection straggler, bool isNamed) => Markup.Of($"""
        <p class="status bad"><strong>{(isNamed ? $"{run.Name}: " : "")}Rank {straggler.Rank} ({run.PlaceOf(straggler.Rank)}) held up the others:</strong>
        busy for {NumberFormat.Percent(straggler.Lost)} of the time longer than they, in {straggler.Late} of {ReportPage.Count(straggler.Blocks, "block")} of time{(straggler.Sending ? "; in sending, so its way to the others is slow" : "")}.</p>
        """);
}
