using System.Text.Json;
using Microsoft.Playwright;
using Nperf.Core.Results;

namespace Nperf.BrowserTests;

[Collection(ChromiumUse.Name)]
public sealed class PageTests(Chromium chromium)
{
    [Fact]
    public async Task It_loads_from_a_file_without_a_network_and_without_a_complaint()
    {
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(Samples.Run(), Samples.Run(2)));

        Assert.Empty(open.Complaints);
        Assert.Single(open.Requests);
        Assert.Equal("run0, run1 - nperf", await open.Page.TitleAsync());
        Assert.Equal(2, await open.Page.Locator(".chart .live svg").CountAsync());
    }

    [Fact]
    public async Task Its_policy_lets_nothing_be_loaded()
    {
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(Samples.Run()));
        string result = await open.Page.EvaluateAsync<string>("fetch('data:text/plain,x').then(() => 'loaded', () => 'refused')");

        Assert.Equal("refused", result);
        Assert.Contains(open.Complaints, complaint => complaint.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Charts_hold_every_point_of_the_documents()
    {
        ResultsDocument[] documents = [Samples.Run(), Samples.Run(2, sizes: 20)];
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(documents));
        foreach ((string figure, Func<SizeResult, double> value) in
            new (string, Func<SizeResult, double>)[] { ("busbw", result => result.BusBandwidth), ("time", result => result.TimeUs.Avg) })
        {
            double[][][] shown = await LinesAsync(open, figure, "line");
            foreach ((double[][] line, ResultsDocument document) in shown.Zip(documents))
            {
                Assert.Equal(document.Results.Select(result => Math.Log2(result.Bytes)), line.Select(point => point[0]));
                Assert.All(document.Results.Zip(line), pair => Assert.Equal(value(pair.First), pair.Second[1], 1e-9));
            }

            Assert.Equal("log", await open.OfChartAsync<string>(figure, "chart.getOption().yAxis[0].type"));
        }
    }

    [Fact]
    public async Task Each_cycle_is_a_point_of_its_own()
    {
        ResultsDocument document = Samples.Run();
        document = document with { Results = [.. document.Results, .. document.Results.Select(result => Samples.Result(result.Bytes, 1, cycle: 2))] };
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(document));

        Assert.Equal(12, (await LinesAsync(open, "time", "line"))[0].Length);
        Assert.Equal(
            document.Results.Select(result => Math.Round(result.TimeUs.Avg, 6)).Order(),
            (await LinesAsync(open, "time", "scatter"))[0].Select(point => Math.Round(point[1], 6)).Order());
    }

    [Fact]
    public async Task The_tooltip_names_size_runs_and_figures()
    {
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(Samples.Run(), Samples.Run(2)));
        ILocator chart = open.Page.Locator(".chart[data-figure=busbw] .live");
        await chart.ScrollIntoViewIfNeededAsync();
        double[] at = await open.OfChartAsync<double[]>("busbw", "chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [16, 1])");
        await chart.HoverAsync(new() { Position = new() { X = (float)at[0], Y = (float)at[1] } });

        ILocator tip = chart.Locator(".tip");
        await Assertions.Expect(tip).ToContainTextAsync("64 KiB");
        await Assertions.Expect(tip).ToContainTextAsync("run0: 5.56 GB/s (3.97 GB/s to 6.94 GB/s)");
        await Assertions.Expect(tip).ToContainTextAsync("run1: 11.1 GB/s");
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Runs_are_hidden_and_shown_in_both_charts()
    {
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(Samples.Run(), Samples.Run(2)));
        ILocator second = open.Page.GetByRole(AriaRole.Button, new() { Name = "run1" }), drawn = open.Page.Locator(".chart[data-figure=time] .live path");
        int all = await drawn.CountAsync();
        await second.PressAsync("Enter");

        await Assertions.Expect(second).ToHaveAttributeAsync("aria-pressed", "false");
        Assert.False(await open.OfChartAsync<bool>("time", "chart.getOption().legend[0].selected.run1"));
        Assert.False(await open.OfChartAsync<bool>("busbw", "chart.getOption().legend[0].selected.run1"));
        Assert.InRange(await drawn.CountAsync(), 1, all - 12);
        await second.ClickAsync();
        await Assertions.Expect(drawn).ToHaveCountAsync(all);
    }

    [Fact]
    public async Task Sizes_are_chosen_with_lists_and_with_the_slider()
    {
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(Samples.Run()));
        await open.Page.GetByLabel("from size", new() { Exact = true }).SelectOptionAsync("32 KiB");
        foreach (string figure in new[] { "busbw", "time" })
            Assert.Equal(15, await open.OfChartAsync<double>(figure, "chart.getOption().dataZoom[0].startValue"), 0.01);
        await Assertions.Expect(open.Page.Locator(".chart[data-figure=time] .live text").Filter(new() { HasTextRegex = new("^4 KiB$") })).ToHaveCountAsync(0);
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "All sizes" }).ClickAsync();
        Assert.Equal(10, await open.OfChartAsync<double>("time", "chart.getOption().dataZoom[0].startValue"), 0.01);

        ILocator chart = open.Page.Locator(".chart[data-figure=busbw] .live");
        await chart.ScrollIntoViewIfNeededAsync();
        LocatorBoundingBoxResult box = (await chart.BoundingBoxAsync())!;
        double[] left = await open.OfChartAsync<double[]>("busbw", "chart.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [10, 1])");
        await open.Page.Mouse.MoveAsync(box.X + (float)left[0], box.Y + box.Height - 17);
        await open.Page.Mouse.DownAsync();
        await open.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + box.Height - 17, new() { Steps = 5 });
        await open.Page.Mouse.UpAsync();
        await Assertions.Expect(open.Page.Locator(".chart[data-figure=time] .live text").Filter(new() { HasTextRegex = new("^1 KiB$") })).ToHaveCountAsync(0);
        Assert.InRange(await open.OfChartAsync<double>("time", "chart.getOption().dataZoom[0].startValue"), 12, 20);
    }

    [Fact]
    public async Task Arrow_keys_go_from_size_to_size_and_say_the_figures()
    {
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(Samples.Run(), Samples.Run(2)));
        ILocator chart = open.Page.Locator(".chart[data-figure=busbw]"), status = chart.GetByRole(AriaRole.Status);
        await chart.FocusAsync();
        await chart.PressAsync("ArrowRight");
        await Assertions.Expect(status).ToHaveTextAsync("1 KiB: run0 0.0882 GB/s, run1 0.176 GB/s");
        await chart.PressAsync("End");
        await Assertions.Expect(status).ToContainTextAsync("2 MiB: run0");
        await Assertions.Expect(chart.Locator(".tip")).ToContainTextAsync("2 MiB");
    }

    [Fact]
    public async Task The_ranks_of_another_size_are_shown_with_its_slowest()
    {
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(Samples.Run()));
        ILocator rows = open.Page.Locator(".bars tbody tr");
        string[] written = [.. await rows.AllInnerTextsAsync()];
        await open.Page.GetByLabel("Size", new() { Exact = true }).SelectOptionAsync("1 KiB");

        await Assertions.Expect(open.Page.Locator(".bars caption")).ToHaveTextAsync("Times of the ranks at 1 KiB");
        Assert.Equal(8, await rows.CountAsync());
        await Assertions.Expect(open.Page.Locator(".bars tr.slowest")).ToContainTextAsync("node1, GPU 3");
        await open.Page.GetByLabel("Size", new() { Exact = true }).SelectOptionAsync("2 MiB");
        Assert.Equal(written, await rows.AllInnerTextsAsync()); // The script writes what the page came with.
    }

    [Fact]
    public async Task The_heat_map_holds_every_pair_and_says_its_figures()
    {
        ResultsDocument document = Samples.WithPairs();
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(document));
        const string Chart = "echarts.getInstanceByDom(document.querySelector('.chart.pairs .live'))";
        double[][] cells = await open.Page.EvaluateAsync<double[][]>(
            $"{Chart}.getOption().series[0].data.map(({{ link }}) => [link.from, link.to, link.bandwidth, link.latency, link.bandwidthSpeed])");

        Assert.Equal(
            document.Pairs!.Links.Select(link => new[] { link.From, link.To, link.Bandwidth, link.LatencyUs, Math.Round(link.Bandwidth / 370, 6) }), cells);
        ILocator chart = open.Page.Locator(".chart.pairs");
        await chart.FocusAsync();
        await chart.PressAsync("ArrowRight");
        await Assertions.Expect(chart.GetByRole(AriaRole.Status)).ToHaveTextAsync("from rank 0 to rank 1: 186 GB/s, 9.13 us");
        await Assertions.Expect(chart.Locator(".tip")).ToContainTextAsync("50.3 % of the speed that is typical");
        await open.Page.GetByLabel("Figure", new() { Exact = true }).SelectOptionAsync("latency");
        Assert.Equal(1, await open.Page.EvaluateAsync<double>($"{Chart}.getOption().series[0].data[0].value[2]"), 0.02);
        Assert.Empty(open.Complaints);
    }

    [Fact]
    public async Task Without_scripts_the_charts_are_there_too()
    {
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(Samples.Run()), runsScripts: false);

        Assert.True(await open.Page.Locator(".chart[data-figure=busbw] svg.still").IsVisibleAsync());
        Assert.Equal(12, await open.Page.Locator(".chart[data-figure=busbw] circle").CountAsync());
        Assert.False(await open.Page.Locator(".legend").IsVisibleAsync());
    }

    [Fact]
    public async Task On_paper_the_still_charts_stand_for_the_live_ones()
    {
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(Samples.Run()), scheme: ColorScheme.Dark);
        await open.Page.EmulateMediaAsync(new() { Media = Media.Print });

        Assert.True(await open.Page.Locator(".chart[data-figure=time] svg.still").IsVisibleAsync());
        Assert.False(await open.Page.Locator(".chart[data-figure=time] .live").IsVisibleAsync());
        Assert.Equal("rgb(255, 255, 255)", await open.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
    }

    [Fact]
    public async Task A_failed_run_is_a_page_that_says_why_first()
    {
        ResultsDocument failed = Samples.Run(sizes: 0) with { Error = new ErrorSection { Code = "peerLost", Message = "node2 is gone", Host = "node2", Step = "allreduce 1024 B" } };
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(failed), runsScripts: false);

        ILocator first = open.Page.Locator("main .status").First;
        await Assertions.Expect(first.Locator("strong")).ToHaveTextAsync("The run failed");
        await Assertions.Expect(first).ToContainTextAsync("node2 is gone");
        await Assertions.Expect(first).ToContainTextAsync("Nothing was measured until then.");
    }

    [Fact]
    public async Task Names_in_a_document_stay_text()
    {
        const string Name = "</script><b id=x>\"><b id=x>--><!--<script><b id=x><img src=x onerror=alert(1) id=x>";
        ResultsDocument loud = Samples.Run(host: Name, operation: Name) with { Notes = [Name] };
        await using OpenPage open = await chromium.OpenAsync(Samples.Page(loud, loud));

        Assert.Equal(0, await open.Page.Locator("#x").CountAsync());
        Assert.Empty(open.Complaints);
        await Assertions.Expect(open.Page.Locator(".notes li")).ToHaveTextAsync(Name);
    }

    private static async Task<double[][][]> LinesAsync(OpenPage open, string figure, string type)
    {
        JsonElement lines = await open.OfChartAsync<JsonElement>(
            figure, $"chart.getOption().series.filter(one => one.type === '{type}').map(one => one.data.map(item => item.value))");
        return lines.Deserialize<double[][][]>()!;
    }
}
