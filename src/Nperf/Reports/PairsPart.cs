using Nperf.Core.Results;
using Nperf.Output;
using static Nperf.Reports.ReportPage;

namespace Nperf.Reports;

/// <summary>What each pair of ranks does, what is slower than pairs alike, and how what slows all was found.</summary>
internal static class PairsPart
{
    /// <summary>Pairs of more ranks are not written into a table; the slowest are.</summary>
    private const int MostInTable = 32, MostSlowest = 30;

    public static Markup Build(IReadOnlyList<ReportRun> runs)
    {
        ReportRun[] with = [.. runs.Where(run => run.Document.Pairs is not null || run.Document.FindSlow is not null)];
        int matrices = 0;
        return with.Length == 0 ? Markup.None : Markup.Of($"""
            <section aria-labelledby="pairs"><h2 id="pairs">Pairs of ranks</h2>
            {Markup.Join(with.Select(run => Run(run, PairMatrix.Of(run), PairMatrix.Of(run) is null ? 0 : matrices++, runs.Count > 1)))}
            </section>

            """);
    }

    private static Markup Run(ReportRun run, PairMatrix? matrix, int index, bool isNamed) => Markup.Of($"""
        {(isNamed ? Markup.Of($"<h3>{run.Name}</h3>") : Markup.None)}
        {(run.Document.FindSlow is { } found ? FindSlow(found) : Markup.None)}
        {(run.Document.Pairs is { } pairs ? Pairs(pairs) : Markup.None)}
        {(matrix is null ? Markup.None : Matrix(matrix, index))}
        """);

    private static Markup Pairs(PairsSection pairs) => Markup.Of($"""
        {(pairs.Outliers.Count == 0
            ? Markup.Of($"""<p class="status good">No rank, host or pair is slower than those alike by more than they differ among themselves.</p>""")
            : Markup.Join(pairs.Outliers.Select(Outlier)))}
        <p>Each pair by itself, in {(pairs.RoundsDone < pairs.Rounds ? $"{pairs.RoundsDone} of {pairs.Rounds}" : $"{pairs.Rounds}")} rounds of disjoint pairs: bandwidth with {Size(pairs.Bytes)}, latency with {Size(pairs.LatencyBytes)}.</p>
        <div class="scroll" tabindex="0" role="group" aria-label="Table of the classes of pairs"><table><caption>What is typical</caption>
        <thead><tr><th scope="col">between the ranks</th><th scope="col" class="n">pairs, each way</th><th scope="col" class="n">bandwidth <small>(GB/s)</small></th><th scope="col" class="n">latency <small>(us)</small></th></tr></thead><tbody>
        {Markup.Join(pairs.Classes.Select(one => Markup.Of($"""<tr><th scope="row">{one.Class}</th><td class="n">{one.Links}</td><td class="n">{NumberFormat.Bandwidth(one.Bandwidth)}</td><td class="n">{Time(one.LatencyUs)}</td></tr>""")))}
        </tbody></table></div>
        """);

    private static Markup Outlier(OutlierSection outlier)
    {
        string who = outlier.Kind == "pair" ? $"The pair of ranks {string.Join(" and ", outlier.Ranks)}"
            : outlier.Kind == "host" ? $"Host {outlier.Host} (ranks {string.Join(", ", outlier.Ranks)})"
            : $"Rank {string.Join(", ", outlier.Ranks)} on {outlier.Host}";
        string where = string.Join(", ", new[] { outlier.Gpu, outlier.Nic }.OfType<string>());
        return Markup.Of($"""<p class="status bad"><strong>{who}{(where.Length > 0 ? $", {where}" : "")} is slow:</strong> {outlier.Evidence}</p>""");
    }

    private static Markup Matrix(PairMatrix matrix, int index)
    {
        string label = $"Heat map of the pairs of ranks{(matrix.Run.Length > 0 ? $", {matrix.Run}" : "")}: bandwidth from each sender to each receiver; a table below has the figures";
        return Markup.Of($"""
            <p class="choose" hidden><label for="figure{index}">Figure</label> <select id="figure{index}" data-pairs="{index}"><option value="bandwidth">bandwidth</option><option value="latency">latency</option></select></p>
            <figure><figcaption><h3>From each rank to each other</h3><p>rows send, columns receive; the colour is the speed over what is typical of such pairs: warm is slower</p></figcaption>
            <div class="chart pairs" data-pairs="{index}">{(matrix.Ranks.Count <= HeatMap.MostOnPage ? HeatMap.Draw(matrix, isLatency: false, label) : Markup.Of($"""<svg class="still" aria-label="{label}"></svg>"""))}</div></figure>
            <details class="more">{(matrix.Ranks.Count <= MostInTable
                ? Markup.Of($"<summary>Bandwidth and latency as tables</summary>{Table(matrix, isLatency: false)}{Table(matrix, isLatency: true)}")
                : Markup.Of($"<summary>The slowest pairs as a table</summary>{Slowest(matrix)}"))}</details>
            """);
    }

    private static Markup Table(PairMatrix matrix, bool isLatency)
    {
        string what = isLatency ? "Latency (us)" : "Bandwidth (GB/s)";
        PairCell?[,] cells = new PairCell?[matrix.Ranks.Count, matrix.Ranks.Count];
        foreach (PairCell link in matrix.Links) cells[link.From, link.To] = link;
        return Markup.Of($"""
            <div class="scroll" tabindex="0" role="group" aria-label="{what} of the pairs"><table><caption>{what}: rows send, columns receive</caption>
            <thead><tr><th scope="col">rank</th>{Markup.Join(matrix.Ranks.Select(rank => Markup.Of($"""<th scope="col" class="n">{rank}</th>""")))}</tr></thead><tbody>
            {Markup.Join(matrix.Ranks.Select((rank, from) => Markup.Of($"""<tr><th scope="row">{rank}</th>{Markup.Join(matrix.Ranks.Select((_, to) => Markup.Of(
                $"""<td class="n">{Figure(cells[from, to]?.Value(isLatency), isLatency)}</td>""")))}</tr>""")))}
            </tbody></table></div>
            """);
    }

    private static Markup Slowest(PairMatrix matrix) => Markup.Of($"""
        <div class="scroll" tabindex="0" role="group" aria-label="Table of the slowest pairs"><table><caption>The {MostSlowest} pairs with the lowest bandwidth among those alike</caption>
        <thead><tr><th scope="col">from</th><th scope="col">to</th><th scope="col">between</th><th scope="col" class="n">bandwidth <small>(GB/s)</small></th><th scope="col" class="n">latency <small>(us)</small></th><th scope="col" class="n">over typical</th></tr></thead><tbody>
        {Markup.Join(matrix.Links.Where(link => link.BandwidthSpeed is not null).OrderBy(link => link.BandwidthSpeed).Take(MostSlowest).Select(link => Markup.Of(
            $"""<tr><td>{matrix.Ranks[link.From]} ({matrix.Places[link.From]})</td><td>{matrix.Ranks[link.To]} ({matrix.Places[link.To]})</td><td>{link.Class}</td><td class="n">{Figure(link.Bandwidth, false)}</td><td class="n">{Figure(link.Latency, true)}</td><td class="n">{NumberFormat.Percent(link.BandwidthSpeed!.Value)}</td></tr>""")))}
        </tbody></table></div>
        """);

    private static string Figure(double? value, bool isLatency) =>
        value is not { } known ? NumberFormat.Nothing : isLatency ? Time(known) : NumberFormat.Bandwidth(known);

    private static Markup FindSlow(FindSlowSection found) => Markup.Of($"""
        <p class="status {(found.Verdict == "nobody" ? "good" : "bad")}"><strong>{found.Summary}</strong></p>
        {(found.NextSteps.Count == 0 ? Markup.None : Markup.Of($"<p>To try next:</p><ul>{Markup.Join(found.NextSteps.Select(step => Markup.Of($"<li>{step}</li>")))}</ul>"))}
        {(found.Steps.Count == 0 ? Markup.None : Markup.Of($"""
            <div class="scroll" tabindex="0" role="group" aria-label="Table of the groups that were measured"><table><caption>Groups that were measured</caption>
            <thead><tr><th scope="col">step</th><th scope="col">about ranks</th><th scope="col" class="n">of</th><th scope="col" class="n">time <small>(us)</small></th><th scope="col" class="n">at most <small>(us)</small></th><th scope="col">slow</th></tr></thead><tbody>
            {Markup.Join(found.Steps.Select(step => Markup.Of($"""
                <tr{new Markup(step.Slow ? " class=\"wrong\"" : "")}><th scope="row">{step.Kind}</th><td>{string.Join(", ", step.Added)}</td><td class="n">{Count(step.Ranks.Count, "rank")}</td><td class="n">{Time(step.TimeUs)}</td><td class="n">{Time(step.ExpectedUs)}</td><td>{(step.Slow ? "yes" : "no")}</td></tr>
                """)))}</tbody></table></div>
            """))}
        """);
}
