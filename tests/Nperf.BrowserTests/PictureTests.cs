using System.Buffers.Binary;
using System.Text;
using Nperf.Reports;

namespace Nperf.BrowserTests;

public class PictureTests
{
    [Fact]
    public void A_browser_draws_a_chart_as_png_of_twice_its_size()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/chromium"), "there is no /usr/bin/chromium (Debian package chromium)");
        Markup chart = ChartPicture.Draw(ReportRun.Of([("a.json", Samples.Run())]), null, ChartFigure.Busbw);
        byte[] png = Browser.ToPng(Encoding.UTF8.GetBytes(chart.Text), LineChart.Width, LineChart.Height);

        Assert.Equal("PNG\r\n", Encoding.ASCII.GetString(png, 1, 5));
        Assert.Equal(2 * LineChart.Width, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(2 * LineChart.Height, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        Assert.InRange(png.Length, 10_000, 1_000_000); // Not an empty area.
    }
}
