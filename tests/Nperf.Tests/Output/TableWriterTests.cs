using System.Net;
using Nperf.Core;
using Nperf.Core.Collectives;
using Nperf.Core.Options;
using Nperf.Core.Results;
using Nperf.Output;
using Nperf.Tests.Results;

namespace Nperf.Tests.Output;

public sealed class TableWriterTests : IDisposable
{
    private static readonly Section Allreduce = new("allreduce", "float32", "sum", null, 1);

    private readonly StringWriter _status = new() { NewLine = "\n" };
    private readonly StringWriter _table = new() { NewLine = "\n" };

    public void Dispose()
    {
        _status.Dispose();
        _table.Dispose();
    }

    private string[] Table => _table.ToString().Split('\n');

    [Theory]
    [InlineData(120)]
    [InlineData(100)]
    [InlineData(80)]
    [InlineData(60)]
    public void All_lines_of_a_table_have_the_same_width_and_fit(int width)
    {
        TableWriter writer = Started(Local(2), new RunOptions { MinBytes = 8, MaxBytes = 1L << 30 }, width);
        writer.SectionStarted(Allreduce);
        int first = Table.Length - 3;
        foreach (long bytes in new[] { 8L, 1024, 1 << 20, 1L << 30 })
        {
            foreach (double time in new[] { 0.12, 9.996, 99.96, 1234, 99_999_999 })
                writer.SizeFinished(Documents.Size(bytes, time));
        }

        string[] lines = Table[first..^1];
        Assert.Equal(2 + 20, lines.Length);
        Assert.Single(lines.Select(line => line.Length).Distinct());
        Assert.InRange(lines[0].Length, 1, width);
    }

    [Fact]
    public void Units_stand_in_the_heading_and_figures_under_their_names()
    {
        TableWriter writer = Started(Local(2), new RunOptions());
        writer.SectionStarted(Allreduce);
        writer.SizeFinished(Documents.Size(1 << 20, 123.4, slowest: 1));

        string[] lines = Table[^4..^1];
        Assert.Equal(
            ["size", "count", "type", "redop", "root", "time", "min", "max", "p99", "algbw", "busbw", "slowest", "wrong"],
            Words(lines[0]));
        Assert.Equal(
            ["(B)", "(elements)", "(us)", "(us)", "(us)", "(us)", "(GB/s)", "(GB/s)", "(rank)"], Words(lines[1]));
        Assert.Equal(
            ["1048576", "262144", "float32", "sum", "-", "123", "111", "185", "185", "8.50", "8.50", "1", "0"],
            Words(lines[2]));
    }

    [Fact]
    public void At_80_columns_the_figures_that_matter_most_stay()
    {
        TableWriter writer = Started(Local(2), new RunOptions(), 80);
        writer.SectionStarted(Allreduce);

        Assert.Contains("allreduce float32 sum", Table);
        Assert.Equal(["size", "count", "time", "max", "p99", "algbw", "busbw", "wrong"], Words(Table[^3]));
    }

    [Fact]
    public void One_rank_has_no_bus_bandwidth_and_is_told_so_once()
    {
        TableWriter writer = Started(Local(1), new RunOptions());
        writer.SectionStarted(Allreduce);
        writer.SizeFinished(Documents.Size(ranks: 1));
        writer.SizeFinished(Documents.Size(ranks: 1));
        writer.Finish(null);

        string[] rows = [.. Table.Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line.Contains(" float32  sum"))];
        Assert.Equal(2, rows.Length);
        Assert.All(rows, row => Assert.Equal("-", Words(row)[10]));
        Assert.Single(Table, line => line.StartsWith("note: one rank:", StringComparison.Ordinal));
    }

    [Fact]
    public void The_barrier_has_a_time_and_neither_size_nor_bandwidth()
    {
        TableWriter writer = Started(Local(2), new RunOptions());
        writer.SectionStarted(new Section("barrier", "float32", null, null, 1));
        writer.SizeFinished(Documents.Barrier(12.3));
        writer.Finish(null);

        Assert.Contains(Table, line => Words(line) is ["-", "-", "-", "-", "-", "12.3", _, _, _, "-", "-", _, "-"]);
        Assert.Contains("  shortest time  barrier: 12.3 us", Table);
        Assert.Contains("  wrong results  not checked", Table);
    }

    [Fact]
    public void Percentiles_of_few_samples_are_explained_once()
    {
        TableWriter writer = Started(Local(2), new RunOptions());
        writer.SectionStarted(Allreduce);
        writer.SizeFinished(Documents.Size());
        writer.SizeFinished(Documents.Size());
        writer.Finish(null);

        Assert.Single(Table, line => line.StartsWith("note: p99 is the maximum", StringComparison.Ordinal));
    }

    [Fact]
    public void Enough_samples_need_no_explanation()
    {
        TableWriter writer = Started(Local(2), new RunOptions());
        SizeResult result = Documents.Size();
        writer.SizeFinished(result with { TimeUs = result.TimeUs with { Samples = 100 } });
        writer.Finish(null);

        Assert.DoesNotContain(Table, line => line.StartsWith("note:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_wrong_result_names_the_rank_the_index_and_both_values()
    {
        TableWriter writer = Started(Local(2), new RunOptions());
        writer.SectionStarted(Allreduce);
        writer.SizeFinished(Documents.Size(wrong: 3));
        writer.Finish(null);

        Assert.Contains("  wrong: rank 0: 3 elements, the first at index 17: expected 6, found 0", Table);
        Assert.Contains("  wrong results  3 elements in 1 of 1 sizes (checked once a size)", Table);
    }

    [Fact]
    public void The_summary_has_the_best_of_each_section()
    {
        TableWriter writer = Started(Local(2), new RunOptions { Verify = VerifyMode.Each });
        writer.SizeFinished(Documents.Size(1024, 100));
        writer.SizeFinished(Documents.Size(1 << 20, 100));
        writer.SizeFinished(Documents.Size(1 << 10, 10, operation: "broadcast", reduceOp: null, root: 1));
        writer.Finish(null);

        string[] summary = Table[Array.IndexOf(Table, "summary")..];
        Assert.Equal("  best busbw     allreduce float32 sum: 10.5 GB/s at 1048576 B", summary[1]);
        Assert.Equal("  best busbw     broadcast float32 root 1: 0.102 GB/s at 1024 B", summary[2]);
        Assert.Equal("  wrong results  none (every iteration checked)", summary[3]);
        Assert.Equal("  peak memory    47.7 MiB", summary[4]);
        Assert.StartsWith("  time taken     ", summary[5]);
    }

    [Fact]
    public void With_a_precision_each_row_says_what_was_reached_and_a_note_where_the_time_was_over_first()
    {
        TableWriter writer = Started(Local(2), new RunOptions { Precision = 0.01, Seconds = 2.5 });
        writer.SectionStarted(Allreduce);
        writer.SizeFinished(Documents.Size(1024) with { Precision = new PrecisionSection(0.01, 0.0094, 12) });
        writer.SizeFinished(Documents.Size(4096) with { Precision = new PrecisionSection(0.01, 0.031, 40) });
        writer.SizeFinished(Documents.Size(8192) with { Precision = new PrecisionSection(0.01, null, 1) });
        writer.Finish(null);

        Assert.Equal(["time", "+/-", "min"], Words(Table.First(line => line.Contains("+/-", StringComparison.Ordinal)))[5..8]);
        Assert.Equal(["0.94", "3.10", "-"], Table.Where(line => line.Contains(" float32 ", StringComparison.Ordinal) && line.TrimStart()[0] is >= '0' and <= '9')
            .Select(line => Words(line)[6]));
        Assert.Contains("note: not known to within 1 % after 2.5 s: allreduce 4096 B, allreduce 8192 B; -t for longer", Table);
    }

    [Theory]
    [InlineData(0, "  straggler      rank 1 on node2 held up the others, 25 % of the time (late in 18 of 20 blocks)")]
    [InlineData(10, "  straggler      rank 1 on node2 held up the others in sending, 25 % of the time (late in 18 of 20 blocks)")]
    public void A_rank_that_holds_up_the_others_is_named(int sending, string line)
    {
        TableWriter writer = Started(Socket(Mode.Server), new RunOptions());
        writer.SizeFinished(Documents.Size() with { Lateness = Late(20, (1, 18, sending)) });
        writer.Finish(null);

        Assert.Contains(line, Table);
    }

    [Fact]
    public void Ranks_that_take_turns_are_not()
    {
        TableWriter writer = Started(Socket(Mode.Server), new RunOptions());
        writer.SizeFinished(Documents.Size() with { Lateness = Late(20, (0, 9, 0), (1, 9, 0)) });
        writer.Finish(null);

        Assert.DoesNotContain(Table, line => line.StartsWith("  straggler", StringComparison.Ordinal));
    }

    private static LatenessSection Late(int blocks, params (int Rank, int Blocks, int Sending)[] ranks) => new()
    {
        Blocks = blocks,
        HeldUp = blocks,
        Seconds = 0.4,
        Ranks = [.. ranks.Select(one => new LateRank { Rank = one.Rank, Blocks = one.Blocks, Sending = one.Sending, LostSeconds = 0.1 })],
    };

    [Fact]
    public void A_hypercube_s_size_and_its_absence_are_explained()
    {
        TableWriter writer = Started(
            Local(3), new RunOptions { Operations = [.. Operations.All.Select(operation => operation.Name)] });
        writer.SizeFinished(Documents.Size(operation: "hypercube") with { RequestedBytes = 2 << 20 });
        writer.Finish(null);

        Assert.Contains("note: left out: hypercube needs a power of two ranks, and there are 3", Table);
        Assert.Contains(
            "note: the size of a hypercube is what a rank sends: of the size asked for all but its own block", Table);
        Assert.DoesNotContain(Table, line => line.StartsWith("note: sizes", StringComparison.Ordinal));
    }

    [Fact]
    public void With_groups_the_notes_are_of_the_ranks_of_one()
    {
        TableWriter writer = Started(Local(4), new RunOptions { Split = new Split(SplitKind.Mod, 4) });
        writer.Finish(null);

        Assert.Contains(Table, line => line.StartsWith("note: one rank:", StringComparison.Ordinal));
    }

    [Fact]
    public void Ranks_that_share_processors_are_noted_of_pairs_too()
    {
        TableWriter writer = Started(Local(9), new RunOptions { Pattern = RunPattern.Pairs });
        writer.Finish(null);

        Assert.Contains("note: 9 ranks share 8 processors of node1: times hold the wait for a turn", Table);
    }

    [Theory]
    [InlineData(null, "note: time lies outside min and max in places: below some 10 us single iterations are timed apart")]
    [InlineData(0, "note: time lies outside min and max in places: below some 10 us single iterations are timed apart, "
        + "and with a root time runs until every rank is done")]
    public void A_time_outside_its_bounds_is_explained_by_what_was_run(int? root, string note)
    {
        TableWriter writer = Started(Local(2), new RunOptions());
        SizeResult result = Documents.Size(root: root);
        writer.SizeFinished(result with { TimeUs = result.TimeUs with { Avg = result.TimeUs.Min / 2 } });
        writer.Finish(null);

        Assert.Contains(note, Table);
    }

    [Fact]
    public void Groups_of_one_have_no_bus_bandwidth_in_the_summary_either()
    {
        TableWriter writer = Started(Local(2), new RunOptions { Split = new Split(SplitKind.Mod, 2) });
        writer.SectionStarted(Allreduce);
        writer.SizeFinished(Documents.Size() with { Bandwidth = 8.5, BusBandwidth = 0 });
        writer.Finish(null);

        Assert.Contains(Table, line => line.StartsWith("  best algbw     allreduce float32 sum: 8.50 GB/s", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_ended_before_its_ranks_were_connected_leaves_all_to_the_error()
    {
        TableWriter writer = Writer(Mode.Local);
        writer.WorldComplete(Local(2));
        writer.Finish(new Failure(FailureKind.Error, "--graph: NCCL's alone"));

        Assert.Empty(_table.ToString());
    }

    [Fact]
    public void The_size_of_a_matrix_has_its_room()
    {
        var options = new RunOptions { Traffic = new TrafficMatrix([[0, 1L << 40], [0, 0]]), UnscaledTraffic = true };
        TableWriter writer = Started(Local(2), options);
        writer.SectionStarted(new Section("alltoallv", "float32", null, null, 1));
        writer.SizeFinished(Documents.Size(1L << 40));

        Assert.Equal(Table[^3].Length, Table[^2].Length);
    }

    [Fact]
    public void A_run_that_was_stopped_says_so_above_what_was_measured()
    {
        TableWriter writer = Started(Local(2), new RunOptions());
        writer.SizeFinished(Documents.Size());
        writer.Finish(new Failure(FailureKind.Interrupted, "interrupted"));

        Assert.Equal("summary", Table[Array.IndexOf(Table, "stopped early: interrupted") + 1]);
    }

    [Fact]
    public void The_server_says_where_it_listens_and_who_joined()
    {
        TableWriter writer = Writer(Mode.Server);
        writer.Listening(new IPEndPoint(IPAddress.IPv6Any, 5201), 3);
        writer.ClientJoined(1, 3, FakeControl.Process(1, 1, 1, "node2", "192.0.2.7"));
        writer.ClientJoined(2, 3, FakeControl.Process(2, 2, 2, "node3", "192.0.2.8"));

        Assert.Equal(
            "listening on [::]:5201, waiting for 3 clients\n"
            + "client 1 of 3: node2 (192.0.2.7), rank 1\n"
            + "client 2 of 3: node3 (192.0.2.8), ranks 2-3\n",
            _status.ToString());
        Assert.Empty(_table.ToString());
    }

    [Fact]
    public void The_client_says_what_it_joined_and_each_reason_to_wait_once()
    {
        TableWriter writer = Writer(Mode.Client);
        writer.WaitingForServer("connection refused");
        writer.WaitingForServer("connection refused");
        writer.WorldComplete(Socket(Mode.Client));
        writer.RanksConnected(Facts.OfHost("tcp"));

        Assert.Equal(
            "waiting for the server: connection refused\njoined node1:5201 as rank 1 of 2\n", _status.ToString());
        Assert.Equal(
            $"nperf {Nperf.Arguments.CommandLine.ProgramVersion}: client, 2 ranks in 2 processes on 2 hosts, "
            + "host backend over tcp",
            Table[0]);
    }

    [Fact]
    public void A_new_type_continues_the_table_and_a_new_operation_starts_one()
    {
        TableWriter writer = Started(Local(2), new RunOptions());
        writer.SectionStarted(Allreduce);
        writer.SectionStarted(Allreduce with { DataType = "int8" });
        writer.SectionStarted(new Section("allgather", "float32", null, null, 1));

        Assert.Equal(2, Table.Count(line => line.Contains("algbw")));
    }

    [Theory]
    [InlineData(120, "allreduce in place")]
    [InlineData(80, "allreduce float32 sum in place")]
    public void In_place_has_a_table_and_a_line_of_the_summary_of_its_own(int width, string heading)
    {
        TableWriter writer = Started(Local(2), new RunOptions(), width);
        writer.SectionStarted(Allreduce);
        writer.SizeFinished(Documents.Size());
        writer.SectionStarted(Allreduce with { InPlace = true });
        writer.SizeFinished(Documents.Size() with { InPlace = true });
        writer.Finish(null);

        Assert.Equal(2, Table.Count(line => line.Contains("algbw") && line.Contains("wrong")));
        Assert.Contains(heading, Table);
        Assert.Contains(Table, line => line.StartsWith("  best busbw     allreduce float32 sum in place: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Cycles_are_counted()
    {
        TableWriter writer = Started(Local(2), new RunOptions { Cycles = 3 });
        writer.SectionStarted(Allreduce);
        writer.SectionStarted(Allreduce with { Cycle = 2 });

        Assert.Contains("allreduce, cycle 2 of 3", Table);
    }

    [Fact]
    public void Without_a_table_only_the_status_is_said()
    {
        var writer = new TableWriter(new ProcessOptions(), _status, null);
        writer.WorldComplete(Local(2));
        writer.SectionStarted(Allreduce);
        writer.SizeFinished(Documents.Size());
        writer.Finish(null);

        Assert.DoesNotContain("1048576", _status.ToString());
    }

    [Fact]
    public void With_verbose_each_rank_and_the_algorithm_are_shown()
    {
        var writer = new TableWriter(new ProcessOptions(), _status, _table, verbose: true);
        writer.WorldComplete(Local(2));
        writer.SizeFinished(Documents.Size());

        Assert.Contains("  algorithm ring, 20 operations, 12.3 us each to enqueue", Table);
        Assert.Equal(2, Table.Count(line => line.StartsWith("  rank ", StringComparison.Ordinal) && line.Contains("p99")));
    }

    private static FakeControl Local(int ranks) =>
        new(new RunOptions(), 0, FakeControl.Process(0, 0, ranks, "node1", "local"));

    private static FakeControl Socket(Mode mode) => new(
        new RunOptions(), mode == Mode.Server ? 0 : 1, FakeControl.Process(0, 0, 1, "node1", "192.0.2.1"),
        FakeControl.Process(1, 1, 1, "node2", "192.0.2.2"));

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private TableWriter Writer(Mode mode, int width = 120) =>
        new(new ProcessOptions { Mode = mode, ServerHost = "node1" }, _status, _table, width);

    private TableWriter Started(FakeControl control, RunOptions options, int width = 120)
    {
        TableWriter writer = Writer(Mode.Local, width);
        writer.WorldComplete(new FakeControl(options, 0, [.. control.World.Processes]));
        writer.RanksConnected(Facts.OfHost("memory"));
        return writer;
    }
}
