using System.Globalization;
using Nperf.Core.Results;
using Nperf.Output;
using static Nperf.Reports.ReportPage;

namespace Nperf.Reports;

/// <summary>What a reader sees first: what ran, whether it went well, the best figures.</summary>
internal static class OverviewPart
{
    private const int MostNamed = 3, MostCards = 6;

    /// <summary>The page's title.</summary>
    public static string TitleOf(IReadOnlyList<ReportRun> runs)
    {
        if (runs.Count > 1) return $"{string.Join(", ", runs.Take(MostNamed).Select(run => run.Name))}{(runs.Count > MostNamed ? $" and {runs.Count - MostNamed} more" : "")}";
        ResultsDocument document = runs[0].Document;
        if (document.Config.Pattern != "collectives") return $"{document.Config.Pattern} of {Count(document.Config.NumGpus, "rank")}";
        string[] operations = [.. document.Results.Select(result => result.Operation).Distinct()];
        string what = operations.Length == 0 ? document.Config.Operation : string.Join(", ", operations.Take(MostNamed)) + (operations.Length > MostNamed ? " and more" : "");
        return $"{what} between {Count(document.Config.NumGpus, "rank")}";
    }

    /// <summary>The page's header.</summary>
    public static Markup Header(IReadOnlyList<ReportRun> runs, IReadOnlyList<ResultGroup> groups) => Markup.Of($"""
        <header>
        <p class="brand">nperf report</p>
        <h1>{TitleOf(runs)}</h1>
        {(runs.Count == 1 ? Markup.Of($"<p>{SubtitleOf(runs[0])}</p>") : Markup.None)}
        <nav aria-label="On this page"><ul>
        {Markup.Join(groups.Select((group, index) => Markup.Of($"""<li><a href="#g{index}">{group.Name}</a></li>""")))}
        {(runs.Any(run => run.Document.Pairs is not null || run.Document.FindSlow is not null) ? new Markup("<li><a href=\"#pairs\">Pairs of ranks</a></li>") : Markup.None)}
        <li><a href="#topology">Topology</a></li><li><a href="#environment">Environment</a></li><li><a href="#about">About</a></li>
        </ul></nav>
        </header>

        """);

    /// <summary>The first part.</summary>
    public static Markup Build(IReadOnlyList<ReportRun> runs, IReadOnlyList<ResultGroup> groups) => Markup.Of($"""
        <section aria-labelledby="overview"><h2 id="overview">Overview</h2>
        {Markup.Join(runs.Select(run => StatusOf(run, runs.Count > 1)))}
        {StragglersPart.Build(runs)}
        {(runs.Count > 1 ? RunTable(runs) : Markup.None)}
        {(groups.Count == 0 ? Markup.None : groups.Sum(group => group.Runs.Count) <= MostCards ? Cards(groups, runs.Count > 1) : BestTable(groups))}
        {Notes(runs)}
        </section>

        """);

    private static string SubtitleOf(ReportRun run)
    {
        ResultsDocument document = run.Document;
        int hosts = document.Processes.Select(process => process.Host).Distinct().Count();
        return $"{Started(run)}, nperf {document.Version}, {document.Config.Mode}, {Count(document.Processes.Count, "process", "processes")} on "
            + $"{Count(hosts, "host")}, {BackendOf(document)}";
    }

    private static string Started(ReportRun run) => run.Document.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string BackendOf(ResultsDocument document) => document.Config.Backend switch
    {
        "nccl" => $"NCCL {document.Environment.NcclVersion} on {string.Join(", ", document.Topology.Gpus.Select(gpu => gpu.Name).Distinct().DefaultIfEmpty("GPUs"))}",
        "mpi" => document.Environment.MpiVersion ?? "MPI",
        string name => $"{name} backend" + (document.Transports is null ? "" : $" over {document.Transports}"),
    };

    private static Markup StatusOf(ReportRun run, bool isNamed)
    {
        string name = isNamed ? $"{run.Name}: " : "";
        IReadOnlyList<SizeResult> results = run.Document.Results;
        if (run.Document.Error is { } error)
        {
            string place = string.Join(", ", new[]
            {
                error.Rank is null ? null : $"rank {error.Rank}", error.Host, error.Step is null ? null : $"during {error.Step}",
            }.OfType<string>());
            string what = error.Code switch
            {
                ResultsDocument.WrongResults => "Wrong results",
                ResultsDocument.ExpectationsNotMet => "Not as expected",
                _ => "The run failed",
            };
            return Markup.Of($"""
                <div class="status bad"><strong>{name}{what}</strong><p>{error.Message}</p>{(place.Length > 0 ? Markup.Of($"<p>{place}</p>") : Markup.None)}
                {(error.Code is ResultsDocument.WrongResults or ResultsDocument.ExpectationsNotMet ? Markup.None : Markup.Of(
                    $"<p>{(results.Count == 0 ? "Nothing was measured until then." : $"{Count(results.Count, "result")} had been measured until then.")}</p>"))}</div>
                """);
        }

        int verified = results.Count(result => result.Wrong is not null);
        string right = results.Count == 0 ? run.Document.Pairs is { Links.Count: > 0 } ? "pairs of ranks were measured" : "it measured nothing" : verified == 0 ? "no result was checked"
            : verified == results.Count ? $"all {Count(verified, "result")} checked, none wrong" : $"{verified} of {Count(results.Count, "result")} checked, none wrong";
        string expected = run.Document.Expectations is { Count: > 0 } all ? $"; {Count(all.Count, "expectation")} met" : "";
        return Markup.Of($"""<p class="status good"><strong>{name}The run ended well:</strong> {right}{expected}.</p>""");
    }

    private static Markup RunTable(IReadOnlyList<ReportRun> runs) => Markup.Of($"""
        <div class="scroll" tabindex="0" role="group" aria-label="Table of the runs"><table><caption>Runs</caption>
        <thead><tr><th scope="col">run</th><th scope="col">file</th><th scope="col">started</th><th scope="col">nperf</th><th scope="col">ranks</th><th scope="col">what carried it</th><th scope="col">results</th></tr></thead><tbody>
        {Markup.Join(runs.Select(run => Markup.Of($"""
            <tr><th scope="row">{run.Name}</th><td>{run.File}</td><td>{Started(run)}</td><td>{run.Document.Version}</td><td class="n">{run.Document.Config.NumGpus}</td><td>{BackendOf(run.Document)}</td><td class="n">{run.Document.Results.Count}</td></tr>
            """)))}
        </tbody></table></div>
        """);

    private static Markup Cards(IReadOnlyList<ResultGroup> groups, bool areNamed) => Markup.Of($"""
        <div class="cards">{Markup.Join(groups.SelectMany(group => group.Runs, (group, run) => Card(group, run, areNamed)))}</div>
        """);

    private static Markup Card(ResultGroup group, RunResults run, bool isNamed)
    {
        SizeResult fastest = Fastest(run), best = Best(group, run);
        Markup bandwidth = group.HasData ? Markup.Of($"""
            <div><dt>best {(group.IsAlone ? "algorithm" : "bus")} bandwidth</dt><dd><b>{NumberFormat.Bandwidth(group.BandwidthOf(best))}</b> GB/s</dd><dd>at {Size(best.Bytes)}</dd></div>
            """) : Markup.None;
        return Markup.Of($"""
            <div class="card"><h3>{group.Name}{(isNamed ? $", {run.Run.Name}" : "")}</h3><dl>{bandwidth}<div><dt>shortest time</dt><dd><b>{Time(fastest.TimeUs.Avg)}</b> us</dd><dd>{(group.HasData ? $"at {Size(fastest.Bytes)}" : "")}</dd></div></dl></div>
            """);
    }

    private static Markup BestTable(IReadOnlyList<ResultGroup> groups) => Markup.Of($"""
        <div class="scroll" tabindex="0" role="group" aria-label="Table of the best figures"><table><caption>Best figures</caption>
        <thead><tr><th scope="col">operation</th><th scope="col">run</th><th scope="col">bandwidth (GB/s)</th><th scope="col">at</th><th scope="col">time (us)</th><th scope="col">at</th></tr></thead><tbody>
        {Markup.Join(groups.SelectMany((group, index) => group.Runs.Select(run => Markup.Of($"""
            <tr><th scope="row"><a href="#g{index}">{group.Name}</a></th><td>{run.Run.Name}</td>{(group.HasData ? Markup.Of($"""<td class="n">{NumberFormat.Bandwidth(group.BandwidthOf(Best(group, run)))}</td><td class="n">{Size(Best(group, run).Bytes)}</td>""") : new Markup("<td>-</td><td>-</td>"))}<td class="n">{Time(Fastest(run).TimeUs.Avg)}</td><td class="n">{(group.HasData ? Size(Fastest(run).Bytes) : "-")}</td></tr>
            """))))}
        </tbody></table></div>
        """);

    private static Markup Notes(IReadOnlyList<ReportRun> runs)
    {
        var notes = runs.SelectMany(run => run.Document.Notes, (run, note) => new { Note = note, run.Name }).GroupBy(one => one.Note, one => one.Name).ToArray();
        return notes.Length == 0 ? Markup.None : Markup.Of($"""
            <div class="notes"><h3>Notes</h3><ul>{Markup.Join(notes.Select(note => Markup.Of(
                $"<li>{note.Key}{(runs.Count > 1 && note.Count() < runs.Count ? $" ({string.Join(", ", note)})" : "")}</li>")))}</ul></div>
            """);
    }

    private static SizeResult Best(ResultGroup group, RunResults run) => run.Results.MaxBy(group.BandwidthOf)!;

    private static SizeResult Fastest(RunResults run) => run.Results.MinBy(result => result.TimeUs.Avg)!;
}
