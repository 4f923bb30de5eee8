using System.Globalization;
using System.Text.RegularExpressions;
using Nperf.Core.Results;
using Nperf.Output;
using Nperf.Tests.Results;

namespace Nperf.Tests.Output;

public sealed partial class PrometheusFormatTests
{
    private const string Size = "{operation=\"allreduce\",data_type=\"float32\",reduction=\"sum\",in_place=\"false\",size_bytes=\"1048576\"}";

    [Fact]
    public void Figures_are_in_base_units()
    {
        Dictionary<string, double> series = Series(PrometheusFormat.Build(Documents.Complete(Documents.Size(1 << 20, 123.4))));

        Assert.Equal(123.4e-6, series[$"nperf_time_seconds{Size}"], 9);
        Assert.Equal(Math.Round((1 << 20) / 123.4e-6), Math.Round(series[$"nperf_bus_bandwidth_bytes_per_second{Size}"]));
        Assert.Equal(0, series[$"nperf_wrong_elements{Size}"]);
        Assert.Equal(1, series["nperf_run_success"]);
        Assert.Equal(2, series["nperf_run_ranks"]);
        Assert.Equal(1767323045.678, series["nperf_run_start_time_seconds"]);
    }

    [Fact]
    public void Each_metric_is_declared_once_before_its_series()
    {
        string text = PrometheusFormat.Build(Documents.Complete(Documents.Size(), Documents.Size(2048), Documents.Barrier()));
        string current = "";
        var seen = new HashSet<string>();
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (Help().Match(line) is { Success: true } help)
            {
                current = help.Groups[1].Value;
                Assert.True(seen.Add(current), line);
            }
            else if (line.StartsWith('#')) Assert.Equal($"# TYPE {current} gauge", line);
            else Assert.Equal(current, Sample().Match(line).Groups["name"].Value);
        }

        Assert.EndsWith("\n", text);
    }

    [Fact]
    public void A_series_stands_once_with_the_value_of_the_last_cycle()
    {
        SizeResult[] cycles = [Documents.Size(time: 100), Documents.Size(time: 200) with { Cycle = 2 }, Documents.Size(time: 1) with { Partial = true }];

        Assert.Equal(200e-6, Series(PrometheusFormat.Build(Documents.Complete(cycles)))[$"nperf_time_seconds{Size}"], 9);
    }

    [Fact]
    public void A_run_that_failed_says_so()
    {
        ResultsDocument failed = Documents.Complete(Documents.Size()) with { Error = new ErrorSection { Code = "timeout", Message = "m" } };

        Assert.Equal(0, Series(PrometheusFormat.Build(failed))["nperf_run_success"]);
    }

    [Fact]
    public void What_was_not_checked_has_no_count_of_wrong_elements()
    {
        Assert.DoesNotContain("nperf_wrong_elements", PrometheusFormat.Build(Documents.Complete(Documents.Size(wrong: null))));
    }

    [Fact]
    public void Labels_are_escaped()
    {
        ResultsDocument document = Documents.Complete() with { Transports = "a\\b\"c\nd" };

        Assert.Contains("transports=\"a\\\\b\\\"c\\nd\"", PrometheusFormat.Build(document));
    }

    /// <summary>Every series with its value; fails where a line is none, or a series stands twice.</summary>
    private static Dictionary<string, double> Series(string text)
    {
        var series = new Dictionary<string, double>();
        foreach (string line in text.TrimEnd('\n').Split('\n').Where(line => !line.StartsWith('#')))
        {
            Match match = Sample().Match(line);
            Assert.True(match.Success, line);
            series.Add(match.Groups["name"].Value + match.Groups["labels"].Value, double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture));
        }

        return series;
    }

    [GeneratedRegex("^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) .+$")]
    private static partial Regex Help();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{[a-z_]+="(?:[^"\\]|\\.)*"(?:,[a-z_]+="(?:[^"\\]|\\.)*")*\})? (?<value>[-+0-9.eE]+)$""")]
    private static partial Regex Sample();
}
