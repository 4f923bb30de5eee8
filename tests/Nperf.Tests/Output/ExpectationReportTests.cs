using System.Text.Json;
using Nperf.Arguments;
using Nperf.Core;
using Nperf.Core.Expectations;
using Nperf.Core.Results;
using Nperf.Output;
using Nperf.Tests.Results;

namespace Nperf.Tests.Output;

public class ExpectationReportTests
{
    private static readonly SizeResult[] Results =
    [
        Documents.Size(1 << 20, 100), Documents.Size(1 << 30, 10_000), Documents.Size(1 << 20, 400, operation: "allgather", reduceOp: null),
        Documents.Barrier(12.3),
    ];

    [Theory]
    [InlineData("busbw >= 10 @ 1M", false, 2)]
    [InlineData("allreduce busbw >= 10 @ 1M", true, 1)]
    [InlineData("allreduce busbw >= 10.48576 @ 1M", true, 1)]
    [InlineData("allreduce busbw > 10.48576 @ 1M", false, 1)]
    [InlineData("allreduce busbw >= 10 @ 1M..2G", true, 2)]
    [InlineData("algbw > 0", true, 3)]
    [InlineData("time < 1ms", false, 4)]
    [InlineData("barrier time < 1ms", true, 1)]
    [InlineData("barrier busbw >= 0", false, 0)]
    [InlineData("time < 1s @ 4K", false, 0)]
    public void Figures_are_held_to_what_is_expected(string text, bool isMet, int isChecked)
    {
        ExpectationSection section = Check(text).Expectations!.Single();

        Assert.Equal((text, isMet, isChecked), (section.Expectation, section.Met, section.Checked));
    }

    [Fact]
    public void One_rank_has_no_bus_bandwidth_to_hold_to_anything()
    {
        var expected = new Expectation("busbw > 1", Metric.All.Single(metric => metric.Name == "busbw"), IsLeast: true, IsStrict: true, 1);
        ExpectationSection section = expected.Check([Documents.Size(ranks: 1) with { BusBandwidth = 0 }]);

        Assert.Equal((false, 0), (section.Met, section.Checked));
    }

    [Fact]
    public void What_is_not_met_is_an_error_that_says_where_and_by_how_much()
    {
        ResultsDocument document = Check("allreduce time <= 5ms");

        Assert.Equal("expectationsNotMet", document.Error!.Code);
        Assert.Equal(
            "not as expected: allreduce time <= 5ms: 10000 us at 1073741824 B (allreduce float32 sum), off by 100 %", document.Error.Message);
        Assert.Equal(1, document.Expectations![0].Failures.Single().MissedBy);
        Assert.Equal(4, ExitCode.Of(null, document));
    }

    [Fact]
    public void The_worst_come_first_and_the_rest_is_counted()
    {
        string line = Assert.Single(ExpectationReport.Lines(Check("time <= 5").Expectations!));

        Assert.StartsWith("not as expected: time <= 5: 10000 us at 1073741824 B", line);
        Assert.EndsWith(", and 1 more", line);
    }

    [Fact]
    public void What_nothing_was_measured_of_is_not_met()
    {
        Assert.Equal(
            "not as expected: time < 1s @ 4K: nothing of the kind was measured",
            Assert.Single(ExpectationReport.Lines(Check("time < 1s @ 4K").Expectations!)));
    }

    [Fact]
    public void By_how_much_an_all_but_impossible_bound_is_missed_is_no_number()
    {
        ResultsDocument document = Check($"time <= 0.{new string('0', 315)}1");

        Assert.All(document.Expectations!.Single().Failures, failure => Assert.Null(failure.MissedBy));
        Assert.NotEmpty(JsonSerializer.Serialize(document, ResultsJson.Default.ResultsDocument));
    }

    [Fact]
    public void A_size_that_was_stopped_half_way_tells_nothing()
    {
        ResultsDocument document = ExpectationReport.Check(
            Documents.Complete(Documents.Size() with { Partial = true }), [Read("time < 1s")]);

        Assert.Equal(0, document.Expectations!.Single().Checked);
    }

    [Fact]
    public void All_that_is_met_is_no_error()
    {
        ResultsDocument document = Check("time < 1s");

        Assert.Null(document.Error);
        Assert.Equal(0, ExitCode.Of(null, document));
    }

    [Fact]
    public void A_failure_and_wrong_results_come_first()
    {
        ResultsDocument wrong = ExpectationReport.Check(Documents.Complete(Documents.Size(wrong: 1)) with
        {
            Error = new ErrorSection { Code = "wrongResults", Message = "wrong" },
        }, [Read("time < 1us")]);

        Assert.Equal("wrongResults", wrong.Error!.Code);
        Assert.Equal(3, ExitCode.Of(null, wrong));
        Assert.Equal(1, ExitCode.Of(new Failure(FailureKind.Timeout, "m"), wrong));
    }

    private static ResultsDocument Check(string text) => ExpectationReport.Check(Documents.Complete(Results), [Read(text)]);

    private static Expectation Read(string text)
    {
        Assert.Null(ExpectationText.Read(text, out Expectation? read));
        return read!;
    }
}
