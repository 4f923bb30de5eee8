using Nperf.Output;
using static Nperf.Reports.ReportPage;

namespace Nperf.Reports;

/// <summary>What each rank took, with the slowest marked.</summary>
internal static class RanksPart
{
    public static Markup Build(ResultGroup group, int index, bool isNamed) =>
        Markup.Join(group.Runs.Select(RankTimes.Of).OfType<RankTimes>().Select((times, run) => Run(times, $"g{index}r{run}", index, run, isNamed)));

    private static Markup Run(RankTimes times, string id, int group, int run, bool isNamed)
    {
        (int slowest, int often) = times.Slowest();
        int last = times.Results.Count - 1;
        string listed = times.Ranks.Count == times.All ? "" : $" The {times.Ranks.Count} of {times.All} ranks that took longest are listed.";
        return Markup.Of($"""
            <div class="ranks" data-group="{group}" data-run="{run}"><h3>Times of the ranks{(isNamed ? $": {times.Run}" : "")}</h3>
            <p>Rank {slowest} has the longest average time in {often} of {Count(times.Results.Count, "result")}; a rank that waits for others has a long time, too.{listed}</p>
            <p class="choose" hidden><label for="{id}">Size</label> <select id="{id}">{Markup.Join(times.Results.Select((result, one) => Markup.Of(
                $"""<option value="{one}"{new Markup(one == last ? " selected" : "")}>{result.Name}</option>""")))}</select></p>
            <div class="scroll" tabindex="0" role="group" aria-label="Times of the ranks at one size"><table class="bars"><caption>Times of the ranks at <span class="at">{times.Results[last].Name}</span></caption>
            <thead><tr><th scope="col">rank</th><th scope="col">where</th><th scope="col" class="bar">time <small>(us)</small></th><th scope="col" class="n">min <small>(us)</small></th><th scope="col" class="n">p99 <small>(us)</small></th></tr></thead>
            <tbody>{Bars(times, last)}</tbody></table></div>
            <details class="more"><summary>All sizes as a table</summary>{Matrix(times)}</details></div>

            """);
    }

    // The script makes the same rows for the other sizes.
    private static Markup Bars(RankTimes times, int result)
    {
        double longest = times.Ranks.Max(rank => rank.Us[result]?[0] ?? 0);
        return Markup.Join(times.Ranks.Where(rank => rank.Us[result] is not null).Select(rank => Markup.Of($"""
            <tr{new Markup(rank.Rank == times.Results[result].Slowest ? " class=\"slowest\"" : "")}><th scope="row">{rank.Rank}</th><td>{rank.Place}</td><td class="bar"><span class="track"><span style="width:{100 * rank.Us[result]![0] / longest}%"></span></span> {Time(rank.Us[result]![0])}{(rank.Rank == times.Results[result].Slowest ? " slowest" : "")}</td><td class="n">{Time(rank.Us[result]![1])}</td><td class="n">{Time(rank.Us[result]![2])}</td></tr>
            """)));
    }

    private static Markup Matrix(RankTimes times) => Markup.Of($"""
        <div class="scroll" tabindex="0" role="group" aria-label="Times of the ranks at all sizes"><table><caption>Average time of each rank (us); the slowest of each size is marked</caption>
        <thead><tr><th scope="col">rank</th>{Markup.Join(times.Results.Select(result => Markup.Of($"""<th scope="col" class="n">{result.Name}</th>""")))}</tr></thead><tbody>
        {Markup.Join(times.Ranks.Select(rank => Markup.Of($"""<tr><th scope="row">{rank.Rank}</th>{Markup.Join(rank.Us.Zip(times.Results, (us, result) => Cell(us?[0], result.Slowest == rank.Rank)))}</tr>""")))}
        </tbody></table></div>
        """);

    private static Markup Cell(double? us, bool isSlowest)
    {
        string text = us is { } time ? Time(time) : NumberFormat.Nothing;
        return isSlowest ? Markup.Of($"""<td class="n"><mark>{text}</mark></td>""") : Markup.Of($"""<td class="n">{text}</td>""");
    }
}
