using System.Xml.Linq;
using Nperf.Core;
using Nperf.Core.Results;
using Nperf.Reports;
using Nperf.Tests.Results;

namespace Nperf.Tests.Reports;

public class PairsPartTests
{
    [Fact]
    public void What_is_slow_stands_first_with_its_evidence_and_what_to_try()
    {
        string page = ReportPage.Build(Runs(Documents.Pairs)).Text;

        Assert.Contains("<strong>Rank 1 on node2, eth1 is slow:</strong> sends at 0.063 GB/s, where 0.125 are typical", page, StringComparison.Ordinal);
        Assert.Contains("<strong>rank 1 on node2 is slow</strong>", page, StringComparison.Ordinal);
        Assert.Contains("<li>look at the network adapter of node2</li>", page, StringComparison.Ordinal);
        Assert.Contains("<tr><th scope=\"row\">0</th><td class=\"n\">-</td><td class=\"n\">0.125</td></tr>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_pair_is_a_cell_with_the_colour_of_its_speed()
    {
        XElement picture = XElement.Parse(ChartPicture.Draw(Runs(Documents.Pairs), null, ChartFigure.Pairs).Text);
        string[] classes = [.. picture.Elements().Where(one => one.Elements().Any(part => (string?)part.Attribute("class") == "cell" && one.Elements().Count() == 2))
            .Select(one => (string)one.Attribute("class")!)];

        Assert.Equal(["h5", "h1"], classes); // 4/3 and 2/3 of the median.
    }

    [Fact]
    public void A_heat_map_of_no_pairs_or_of_many_runs_is_refused()
    {
        Assert.Contains("has no pairs of ranks", Assert.Throws<RunException>(() => ChartPicture.Draw(Runs(null), null, ChartFigure.Pairs)).Message, StringComparison.Ordinal);
        Assert.Contains("shows one run, not 2", Assert.Throws<RunException>(
            () => ChartPicture.Draw([.. Runs(Documents.Pairs), .. Runs(Documents.Pairs)], null, ChartFigure.Pairs)).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<ReportRun> Runs(PairsSection? pairs) =>
        ReportRun.Of([("run.json", Documents.Complete() with { Pairs = pairs, FindSlow = pairs is null ? null : Documents.FindSlow })]);
}
