using System.Text.Json;
using System.Text.RegularExpressions;
using Nperf.Core.Results;
using Nperf.Reports;
using Nperf.Tests.Results;

namespace Nperf.Tests.Reports;

public partial class ReportPageTests
{
    private const string Loud = "</script><b>'\"&\u001b\u202e";

    [Fact]
    public void Text_of_a_document_is_escaped_wherever_it_stands()
    {
        ResultsDocument document = Documents.Complete(Documents.Size() with { Operation = Loud, Algorithm = Loud, Protocol = Loud });
        document = document with
        {
            Version = Loud,
            Config = document.Config with { Mode = Loud, Backend = Loud, Operation = Loud, Split = Loud },
            Transports = Loud,
            Notes = [Loud],
            Processes = [document.Processes[0] with { Host = Loud, Address = Loud }],
            Environment = document.Environment with { Hostname = Loud, Processor = Loud, Variables = new Dictionary<string, string> { ["NCCL_" + Loud] = Loud } },
            Expectations = [new ExpectationSection { Expectation = Loud, Met = false, Checked = 0, Failures = [] }],
            Error = new ErrorSection { Code = "error", Message = Loud, Host = Loud, Step = Loud },
            Nccl = Documents.Nccl with { Network = Loud, Warnings = [Loud], Connections = [Documents.Nccl.Connections[0] with { Transport = Loud }] },
        };
        string page = PageOf((Loud + ".json", document), (Loud + "2.json", document));

        Assert.DoesNotContain("<b>'", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', page);
        Assert.DoesNotContain('\u202e', page);
        Assert.Equal(3, page.Split("<script").Length - 1);
        Assert.Equal(3, page.Split("</script").Length - 1);
        Assert.Contains("&lt;/script&gt;&lt;b&gt;&#39;&quot;&amp;??", page, StringComparison.Ordinal);
        Assert.Equal(Loud, DataOf(page).GetProperty("groups")[0].GetProperty("ranks")[0].GetProperty("ranks")[0].GetProperty("place").GetString());
    }

    [Fact]
    public void Its_data_has_every_result_of_every_run()
    {
        SizeResult[] sizes = [Documents.Size(1024, 10), Documents.Size(4096, 20), Documents.Size(1024, 30, operation: "alltoall", reduceOp: null)];
        JsonElement groups = DataOf(PageOf(("a.json", Documents.Complete(sizes)), ("b.json", Documents.Complete(sizes[0], sizes[1])))).GetProperty("groups");

        Assert.Equal(["allreduce float32 sum", "alltoall float32"], groups.EnumerateArray().Select(group => group.GetProperty("name").GetString()));
        Assert.Equal(["a", "b"], groups[0].GetProperty("time").EnumerateArray().Select(line => line.GetProperty("name").GetString()));
        foreach (JsonElement line in groups[0].GetProperty("time").EnumerateArray())
        {
            Assert.Equal([(1024L, 10.0), (4096, 20)], line.GetProperty("points").EnumerateArray()
                .Select(point => (point.GetProperty("bytes").GetInt64(), point.GetProperty("value").GetDouble())));
        }

        JsonElement first = groups[0].GetProperty("busbw")[0].GetProperty("points")[0];
        TimeStatistics time = sizes[0].TimeUs;
        Assert.Equal(sizes[0].BusBandwidth, first.GetProperty("value").GetDouble(), 1e-9);
        Assert.Equal(sizes[0].BusBandwidth * time.Avg / time.P99, first.GetProperty("low").GetDouble(), 1e-9);
        Assert.Equal(sizes[0].BusBandwidth * time.Avg / time.Min, first.GetProperty("high").GetDouble(), 1e-9);
        Assert.Equal(12, groups[0].GetProperty("ranks")[0].GetProperty("ranks")[0].GetProperty("us")[0][0].GetDouble());
    }

    [Fact]
    public void Figures_that_no_axis_has_are_left_out_of_the_charts()
    {
        SizeResult endless = Documents.Size() with { BusBandwidth = double.PositiveInfinity, TimeUs = Documents.Size().TimeUs with { Avg = 0 } };
        JsonElement group = DataOf(PageOf(("a.json", Documents.Complete(endless, Documents.Size(1024))))).GetProperty("groups")[0];

        Assert.Equal(JsonValueKind.Null, group.GetProperty("busbw")[0].GetProperty("points")[1].GetProperty("value").ValueKind);
        Assert.Equal(JsonValueKind.Null, group.GetProperty("time")[0].GetProperty("points")[1].GetProperty("value").ValueKind);
    }

    [Fact]
    public void It_names_what_carried_out_which_sizes()
    {
        SizeResult[] sizes = [.. new long[] { 1024, 2048, 4096, 1 << 20 }.Select(bytes => Documents.Size(bytes) with
        {
            Algorithm = bytes < 4096 ? "tree" : "ring", Protocol = "ll", Channels = bytes < 4096 ? 8 : 24,
        })];

        string page = PageOf(("a.json", Documents.Complete(sizes)));

        Assert.Contains("<span>1 KiB to 2 KiB</span> tree, protocol ll, 8 channels", page, StringComparison.Ordinal);
        Assert.Contains("<span>4 KiB to 1 MiB</span> ring, protocol ll, 24 channels", page, StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_that_results_were_wrong_and_which_expectation_was_not_met()
    {
        ResultsDocument document = Documents.Complete(Documents.Size(wrong: 5)) with
        {
            Error = new ErrorSection { Code = ResultsDocument.WrongResults, Message = "5 wrong elements in 1 of 1 results", Rank = 1 },
            Expectations = [new ExpectationSection
            {
                Expectation = "busbw >= 300", Met = false, Checked = 1,
                Failures = [new ExpectationFailure { Operation = "allreduce", DataType = "float32", ReduceOp = "sum", Root = null, InPlace = false, Cycle = 1, Bytes = 1 << 20, Value = 8.5, Unit = "GB/s", MissedBy = 0.97 }],
            }],
        };
        string page = PageOf(("a.json", document));

        Assert.Contains("<strong>Wrong results</strong><p>5 wrong elements in 1 of 1 results</p><p>rank 1</p>", page, StringComparison.Ordinal);
        Assert.Contains("<li>allreduce float32 sum at 1 MiB: 8.50 GB/s, off by 97.0 %</li>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_barrier_has_a_table_and_no_chart()
    {
        string page = PageOf(("a.json", Documents.Complete(Documents.Size(0, operation: "barrier", reduceOp: null) with { BusBandwidth = 0, Bandwidth = 0 })));

        Assert.DoesNotContain("class=\"chart\"", page, StringComparison.Ordinal);
        Assert.Contains("<caption>barrier: figures</caption>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void It_names_the_charts_library_and_its_licence()
    {
        string page = PageOf(("a.json", Documents.Complete(Documents.Size())));

        Assert.Contains("This product includes software developed at The Apache Software Foundation", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", page, StringComparison.Ordinal);
    }

    private static string PageOf(params (string File, ResultsDocument Document)[] documents) => ReportPage.Build(ReportRun.Of(documents)).Text;

    private static JsonElement DataOf(string page) => JsonDocument.Parse(Data().Match(page).Groups[1].Value).RootElement;

    [GeneratedRegex("<script type=\"application/json\" id=\"data\">(.*?)</script>")]
    private static partial Regex Data();
}
