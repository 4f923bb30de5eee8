using System.Text.Json.Nodes;

namespace Nperf.Tests.EndToEnd;

[Collection(NperfBinaryUse.Name)]
public sealed class ReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_becomes_a_page_with_the_command_that_repeats_it()
    {
        string run = Run("-n 3 -b 1K -B 4K"), page = _folder.File("report.html");
        using RunningProcess report = Report(run, "-o", page);
        report.ExpectSuccess();

        Assert.Empty(report.Output + report.Errors);
        string html = File.ReadAllText(page);
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        Assert.Contains("allreduce between 3 ranks", html, StringComparison.Ordinal);
        Assert.Contains(">nperf -n 3 --op allreduce -B 4K --backend host</pre>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_goes_to_standard_output_and_a_folder_is_the_documents_in_it()
    {
        File.Copy(Run("-b 1K -B 4K"), _folder.File("other.json"));
        using RunningProcess chart = Report(_folder.Path, "--format", "svg", "--chart", "time");
        chart.ExpectSuccess();

        Assert.StartsWith("<svg ", chart.Output, StringComparison.Ordinal);
        Assert.Contains(">other<", chart.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_is_not_replaced_by_its_report()
    {
        string run = Run("-b 1K"), before = File.ReadAllText(run);
        foreach (string from in new[] { run, _folder.Path })
        {
            using RunningProcess report = Report(from, "-o", run);
            Assert.Equal(2, report.WaitForExit());
            Assert.Contains("is one of the documents, which the report would replace", report.Errors, StringComparison.Ordinal);
        }

        Assert.Equal(before, File.ReadAllText(run));
    }

    [Fact]
    public void A_run_that_failed_and_one_of_an_older_nperf_are_shown()
    {
        string run = Run("-b 1K"), page = _folder.File("report.html");
        JsonNode document = JsonNode.Parse(File.ReadAllText(run))!;
        document["results"] = new JsonArray();
        document["config"]!.AsObject().Remove("spread");
        document["error"] = new JsonObject { ["code"] = "timeout", ["message"] = "nothing moved for 30 s", ["rank"] = null, ["host"] = "node2", ["step"] = null };
        File.WriteAllText(run, document.ToJsonString());
        using RunningProcess report = Report(run, "-o", page);
        report.ExpectSuccess();

        Assert.Contains("<strong>The run failed</strong><p>nothing moved for 30 s</p><p>node2</p>", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "there is no such file")]
    [InlineData("", "it is no document of nperf -J")]
    [InlineData("null", "it is empty")]
    [InlineData("{\"results\":[null]}", "it is no document of nperf -J")]
    public void What_is_no_document_is_refused_by_name(string? text, string reason)
    {
        string file = _folder.File("x.json");
        if (text is not null) File.WriteAllText(file, text);
        using RunningProcess refused = Report(file, "-o", _folder.File("report.html"));
        refused.ExpectExit(2);

        Assert.Equal($"nperf: error: {file} cannot be reported: {reason}\n", refused.Errors);
        Assert.False(File.Exists(_folder.File("report.html")));
    }

    [Fact]
    public void What_no_result_is_named_is_refused_with_the_names_that_there_are()
    {
        using RunningProcess refused = Report(Run("-b 1K"), "--only", "alltoall");
        refused.ExpectExit(2);
        Assert.Contains("--only 'alltoall' is in the name of no result; there is allreduce float32 sum", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_browser_a_png_is_refused_with_what_to_do()
    {
        using RunningProcess refused = RunningProcess.Start(
            NperfBinary.NativePath(), ["report", Run("-b 1K"), "--format", "png", "-o", _folder.File("chart.png")], environment: new Dictionary<string, string?> { ["PATH"] = "/nowhere" });
        refused.ExpectExit(1);
        Assert.Equal("nperf: error: no Chromium, Chrome or Edge is on this machine to draw a png; --format svg needs none\n", refused.Errors);
    }

    private static RunningProcess Report(params string[] words) => RunningProcess.Start(NperfBinary.Path, ["report", .. words]);

    private string Run(string options)
    {
        string file = _folder.File("run.json");
        using RunningProcess nperf = RunningProcess.Start(NperfBinary.Path, [.. NperfBinary.Split(options), "--backend", "host", "-J", "-o", file]);
        nperf.ExpectSuccess();
        return file;
    }
}
