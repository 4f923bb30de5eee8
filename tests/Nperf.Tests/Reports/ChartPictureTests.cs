using System.Xml.Linq;
using Nperf.Core;
using Nperf.Core.Results;
using Nperf.Reports;
using Nperf.Tests.Results;

namespace Nperf.Tests.Reports;

public class ChartPictureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(nameof(ChartFigure.Busbw))]
    [InlineData(nameof(ChartFigure.Time))]
    public void It_is_svg_with_a_mark_for_each_size_and_run_within_its_bounds(string figure)
    {
        ResultsDocument document = Documents.Complete([.. Enumerable.Range(0, 21).Select(power => Documents.Size(8L << power, 5 + (1 << power) / 1e3))]);
        XElement picture = Draw(Enum.Parse<ChartFigure>(figure), document, document);
        XElement[] marks = [.. picture.Descendants(Svg + "circle").Where(mark => (double)mark.Attribute("cy")! > 70)];

        Assert.Equal(42, marks.Length);
        Assert.All(marks, mark => Assert.InRange((double)mark.Attribute("cx")!, 64, LineChart.Width - 16));
        Assert.All(marks, mark => Assert.InRange((double)mark.Attribute("cy")!, 60, LineChart.Height - 40));
        Assert.Contains(picture.Descendants(Svg + "text"), text => text.Value == "2 MiB");
    }

    [Fact]
    public void One_size_is_drawn_too()
    {
        XElement picture = Draw(ChartFigure.Time, Documents.Complete(Documents.Size(1)));

        Assert.Single(picture.Descendants(Svg + "circle"));
        Assert.DoesNotContain("NaN", picture.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_in_it_are_text()
    {
        XElement picture = Draw(ChartFigure.Time, Documents.Complete(Documents.Size() with { Operation = "</svg><b>&" }));

        Assert.Contains(picture.Descendants(Svg + "text"), text => text.Value.Contains("</svg><b>&", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_to_draw_and_too_many_lines_are_refused()
    {
        SizeResult barrier = Documents.Size(0, operation: "barrier", reduceOp: null);
        SizeResult[] many = [.. Enumerable.Range(0, 13).Select(root => Documents.Size(operation: "broadcast", reduceOp: null, root: root))];

        Assert.Contains("no result has a size", Refused(Documents.Complete(barrier)), StringComparison.Ordinal);
        Assert.Contains("13 lines are more than can be told apart in a chart; name some: --only", Refused(Documents.Complete(many)), StringComparison.Ordinal);
        Assert.Single(Draw(ChartFigure.Time, "root 12", Documents.Complete(many)).Descendants(Svg + "circle"));
    }

    private static string Refused(ResultsDocument document) => Assert.Throws<RunException>(() => Draw(ChartFigure.Time, document)).Message;

    private static XElement Draw(ChartFigure figure, params ResultsDocument[] documents) => Draw(figure, null, documents);

    private static XElement Draw(ChartFigure figure, string? only, params ResultsDocument[] documents) =>
        XElement.Parse(ChartPicture.Draw(ReportRun.Of([.. documents.Select((document, index) => ($"run{index}.json", document))]), only, figure).Text);
}
