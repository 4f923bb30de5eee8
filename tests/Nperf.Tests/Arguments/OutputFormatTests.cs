using Nperf.Arguments;
using Nperf.Core.Options;

namespace Nperf.Tests.Arguments;

public class OutputFormatTests
{
    [Theory]
    [InlineData("", OutputFormat.Table)]
    [InlineData("-J", OutputFormat.Json)]
    [InlineData("--format table", OutputFormat.Table)]
    [InlineData("--format json", OutputFormat.Json)]
    [InlineData("-J --format json", OutputFormat.Json)]
    [InlineData("--format csv", OutputFormat.Csv)]
    [InlineData("--format nccl-tests", OutputFormat.NcclTests)]
    [InlineData("--format prometheus", OutputFormat.Prometheus)]
    [InlineData("--json-stream", OutputFormat.JsonStream)]
    [InlineData("-J --json-stream", OutputFormat.JsonStream)]
    internal void The_form_is_the_one_asked_for(string line, OutputFormat format)
    {
        Assert.Equal(format, CommandLineTests.Good(line).Console.Format);
    }

    [Theory]
    [InlineData("--format nccl-tests", InPlaceMode.Both)]
    [InlineData("--format nccl-tests --in-place no", InPlaceMode.No)]
    [InlineData("--format csv", InPlaceMode.No)]
    public void Nccl_tests_runs_both_places_unless_it_is_told(string line, InPlaceMode mode)
    {
        Assert.Equal(mode, CommandLineTests.Good(line).Run.InPlace);
    }

    [Theory]
    [InlineData("--format xml", "--format: 'xml' is not one of table, json, csv, nccl-tests, prometheus")]
    [InlineData("--format m", "--format: 'm' is not one of table, json, csv, nccl-tests, prometheus (figures are always in GB/s)")]
    [InlineData("--format cssv", "--format: 'cssv' is not one of table, json, csv, nccl-tests, prometheus; did you mean csv?")]
    [InlineData("-J --format csv", "--format: 'csv' cannot be combined with -J (--json)")]
    [InlineData("--json-stream --format json", "--format: 'json' cannot be combined with --json-stream")]
    [InlineData("--topology --format csv", "--format: 'csv' is for figures")]
    [InlineData("--topology --json-stream", "--json-stream: has nothing to do with --topology")]
    public void Forms_that_do_not_go_together_are_refused_by_name(string line, string start)
    {
        Assert.StartsWith(start, CommandLineTests.Error(line));
    }

    [Fact]
    public void A_topology_as_json_is_asked_for_either_way()
    {
        Assert.Equal(TopologyFormat.Json, CommandLineTests.Good("--topology --format json").Console.TopologyFormat);
    }
}
