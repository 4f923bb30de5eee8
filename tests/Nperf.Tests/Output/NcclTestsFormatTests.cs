using System.Text.RegularExpressions;
using Nperf.Core.Results;
using Nperf.Output;
using Nperf.Tests.Results;

namespace Nperf.Tests.Output;

/// <summary>
/// The text as its readers look at it: columns by place from either end, columns by the header's names, one expression for
/// the whole row, and the two lines of the footer by expressions of several degrees of strictness.
/// </summary>
public sealed partial class NcclTestsFormatTests
{
    private static readonly SizeResult[] BothPlaces =
    [
        Documents.Size(1 << 20, 50), Documents.Size(1 << 30, 12345),
        Documents.Size(1 << 20, 40) with { InPlace = true }, Documents.Size(1 << 30, 12000) with { InPlace = true },
    ];

    [Fact]
    public void A_row_has_thirteen_columns_with_both_places()
    {
        string[][] rows = Rows(NcclTestsFormat.Build(Documents.Complete(BothPlaces)));

        Assert.Equal(
            ["1048576", "262144", "float", "sum", "-1", "50.00", "20.97", "20.97", "0", "40.00", "26.21", "26.21", "0"], rows[0]);
        Assert.Equal(
            ["1073741824", "268435456", "float", "sum", "-1", "12345", "86.98", "86.98", "0", "12000", "89.48", "89.48", "0"], rows[1]);
        Assert.Equal(2, rows.Length);
    }

    [Fact]
    public void The_columns_stand_under_the_names_of_the_header()
    {
        string text = NcclTestsFormat.Build(Documents.Complete(BothPlaces));
        string header = text.Split('\n').Single(line => line.StartsWith('#') && line.Contains("busbw", StringComparison.Ordinal));
        string[] names = header[1..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] row = Rows(text)[0];

        Assert.Equal(row.Length, names.Length);
        Assert.Equal("1048576", row[Array.IndexOf(names, "size")]);
        // Readers count the columns that stand there twice from the right.
        Assert.Equal("50.00", row[^(names.Length - Array.IndexOf(names, "time"))]);
        Assert.Equal("20.97", row[^(names.Length - Array.IndexOf(names, "busbw"))]);
        Assert.Equal("26.21", row[Array.LastIndexOf(names, "busbw")]);
        Assert.Equal("20.97", row[^6]);
        Assert.Equal(
            ["out-of-place", "in-place"],
            text.Split('\n').Single(line => line.Contains("out-of-place", StringComparison.Ordinal))[1..]
                .Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void An_expression_for_the_whole_row_matches()
    {
        string text = NcclTestsFormat.Build(Documents.Complete(BothPlaces));

        Assert.Equal(2, WholeRow().Count(text));
        Assert.Equal("89.48", WholeRow().Matches(text)[1].Groups["inBusbw"].Value);
    }

    [Theory]
    [InlineData(@"# Avg bus bandwidth\s*:\s*(\d+)", "55")]
    [InlineData(@"Avg bus bandwidth\s+:\s+(\d+\.\d+)", "55.9106")]
    [InlineData(@"(?m)^#\s*Avg bus bandwidth\s*:\s*([\d.]+)$", "55.9106")]
    [InlineData(@"(?m)^.*: *([0-9]+\.[0-9]+).*$(?<=Avg bus bandwidth.*)", "55.9106")]
    [InlineData(@"#?\s*Out of bounds values\s*:\s*(\d+) OK", "0")]
    [InlineData(@"(?m)^#\s*nThread\s+\d+\s+nGpus\s+\d+\s+minBytes\s+(\d+)\s+maxBytes\s+\d+\s+step:", "1024")]
    [InlineData(@"(?m)^#\s*Collective test starting:\s*(\S+)", "all_reduce_perf")]
    [InlineData(@"(?m)^#\s+Rank\s+1\s+Group\s+\d+\s+Pid\s+\d+\s+on\s+(\S+)\s+device", "node2")]
    public void Header_and_footer_are_found(string expression, string expected)
    {
        Assert.Equal(expected, Regex.Match(NcclTestsFormat.Build(Documents.Complete(BothPlaces)), expression).Groups[1].Value);
    }

    [Fact]
    public void A_whole_average_has_a_decimal_point_too()
    {
        SizeResult[] results = [Documents.Size() with { BusBandwidth = 300 }];

        Assert.Contains("# Avg bus bandwidth    : 300.0\n", NcclTestsFormat.Build(Documents.Complete(results)));
    }

    [Fact]
    public void What_was_not_run_or_not_checked_is_not_a_number()
    {
        string[][] rows = Rows(NcclTestsFormat.Build(Documents.Complete(
            Documents.Size(1024, 123.44, wrong: null, reduceOp: null, root: 1, operation: "broadcast"))));

        Assert.Equal(
            ["1024", "256", "float", "none", "1", "123.4", "0.01", "0.01", "N/A", "N/A", "N/A", "N/A", "N/A"], Assert.Single(rows));
    }

    [Fact]
    public void Wrong_results_fail_and_keep_their_average()
    {
        string text = NcclTestsFormat.Build(Documents.Complete(Documents.Size(wrong: 3)) with
        {
            Error = new ErrorSection { Code = "wrongResults", Message = "3 wrong elements" },
        });

        Assert.Contains("# Out of bounds values : 3 FAILED\n", text);
        Assert.Contains("# Avg bus bandwidth", text);
    }

    [Fact]
    public void A_run_that_failed_has_what_was_measured_and_no_average()
    {
        string text = NcclTestsFormat.Build(Documents.Complete(Documents.Size(), Documents.Size(2048) with { Partial = true }) with
        {
            Error = new ErrorSection { Code = "peerLost", Message = "rank 1 left" },
        });

        Assert.Single(Rows(text));
        Assert.DoesNotContain("Avg bus bandwidth", text);
        Assert.DoesNotContain("concluded", text);
        Assert.EndsWith("# Test failure: rank 1 left\n", text);
    }

    [Fact]
    public void Each_operation_is_a_test_of_its_own()
    {
        string text = NcclTestsFormat.Build(Documents.Complete(
            Documents.Size(), Documents.Size(operation: "allgather", reduceOp: null), Documents.Size(operation: "alltoall", reduceOp: null)));

        Assert.Equal(
            ["all_reduce_perf", "all_gather_perf", "alltoall_perf"],
            Concluded().Matches(text).Select(match => match.Groups[1].Value));
        Assert.Equal(3, text.Split("# Avg bus bandwidth").Length - 1);
    }

    private static string[][] Rows(string text) =>
    [
        .. text.Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
    ];

    [GeneratedRegex(@"(?m)^\s*(\d+)\s+(\d+)\s+\w+\s+\w+\s+-?\d+\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+(?:\d+|N/A)\s+([\d.]+)\s+([\d.]+)\s+(?<inBusbw>[\d.]+)\s+(?:\d+|N/A)\s*$")]
    private static partial Regex WholeRow();

    [GeneratedRegex(@"# Collective test concluded: (\S+)")]
    private static partial Regex Concluded();
}
