using System.Net;
using Nperf.Core;
using Nperf.Core.Benchmarking;
using Nperf.Core.Machine;
using Nperf.Core.MpiMode;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;

namespace Nperf.Output;

/// <summary>
/// Follows a run in lines of text. What can be kept (the header, the tables, the notes, the summary) goes to one
/// writer, what matters only now (who joined) to the other; both may be the same.
/// </summary>
internal sealed class TableWriter : RunObserver
{
    /// <summary>How many processes are listed one by one; more are only counted, unless more is asked for.</summary>
    private const int MostProcessesListed = 16;

    private const int MostWrongRanksListed = 4;

    private readonly ProcessOptions _process;
    private readonly TextWriter _status;
    private readonly TextWriter? _table;
    private readonly ProgressLine? _progress;
    private readonly bool _verbose;
    private readonly bool _showsTransport;
    private readonly int _width;
    private readonly MpiFacts? _mpi;
    private readonly long _started = System.Diagnostics.Stopwatch.GetTimestamp();
    private string? _lastReason;
    private FinishedSizes _results = new(isEndless: false, worldSize: 1);
    private World? _world;
    private ProcessInfo? _self;
    private FabricFacts? _facts;
    private Groups? _groups;
    private RunOptions _options = new();
    private TableLayout? _layout;
    private Section? _heading;

    /// <summary>Without a <paramref name="table"/> only the status is written.</summary>
    public TableWriter(
        ProcessOptions process, TextWriter status, TextWriter? table, int width = TableLayout.FullWidth,
        bool verbose = false, ProgressLine? progress = null, bool showsTransport = false, MpiFacts? mpi = null)
    {
        _process = process;
        _status = status;
        _table = table;
        _width = width;
        _verbose = verbose;
        _showsTransport = showsTransport;
        _progress = progress;
        _mpi = mpi;
    }

    /// <inheritdoc/>
    public override void Listening(IPEndPoint endpoint, int expectedClients) =>
        Status($"listening on {endpoint}, waiting for {Count(expectedClients, "client")}");

    /// <inheritdoc/>
    public override void ClientJoined(int joined, int expected, ProcessInfo? client) =>
        Status(client is null
            ? $"{joined} of {Count(expected, "client")} joined"
            : $"client {joined} of {expected}: {client.Host} ({client.Address}), {RanksOf(client)}");

    /// <inheritdoc/>
    public override void StrangerDropped(EndPoint? remote, string guess) =>
        Status($"closed a connection from {remote?.ToString() ?? "an unknown address"}: {guess}");

    /// <inheritdoc/>
    public override void WaitingForServer(string reason)
    {
        if (reason == _lastReason) return;
        _lastReason = reason;
        Status($"waiting for the server: {reason}");
    }

    /// <inheritdoc/>
    public override void MemberSaid(int rank, string line) => Status($"rank {rank}: {line}");

    /// <inheritdoc/>
    public override void WorldComplete(Control control)
    {
        _world = control.World;
        _self = control.Self;
        _options = control.Options;
        _results = new FinishedSizes(_options.Cycles == 0, control.World.Size);
        _groups = Groups.Of(control.World.Size, control.Options.Split);
        _layout = new TableLayout(_width, _groups.Size, LargestSize(control), _options.Precision > 0);
        if (_process.Mode == Mode.Client)
        {
            string host = _process.ServerHost ?? "";
            string server = host.Contains(':') ? $"[{host}]" : host;
            Status($"joined {server}:{_process.Port} as {RanksOf(Whole(control.Self))} of {control.World.Size}");
        }
    }

    /// <inheritdoc/>
    public override void RanksConnected(FabricFacts facts)
    {
        _facts = facts;
        WriteHeader(_world!, facts);
        if (facts is { Backend: Backend.Host, Remark: { } slow }) Status($"warning: {slow}");
    }

    /// <inheritdoc/>
    public override void NcclToldOf(NcclSection nccl)
    {
        if (!_showsTransport) return;
        Table("");
        foreach (string line in TransportReport.Build(nccl).TrimEnd('\n').Split('\n')) Table(line);
    }

    /// <inheritdoc/>
    public override void SectionStarted(Section section)
    {
        TableLayout layout = Layout();
        bool sameTable = _heading is { } heading && heading.Operation == section.Operation
            && heading.Cycle == section.Cycle && heading.InPlace == section.InPlace;
        _heading = section;
        if (sameTable && layout.NamesSections) return;
        Table("");
        if (sameTable)
        {
            Table(NameOf(section));
            return;
        }

        string name = layout.NamesSections ? section.Operation + (section.InPlace ? Summary.InPlace : "") : NameOf(section);
        Table(name + CycleOf(section));
        Table(layout.Names);
        Table(layout.Units);
    }

    /// <inheritdoc/>
    public override void SizeFinished(SizeResult result)
    {
        _results.Add(result);
        Table(Layout().Row(result));
        if (_verbose) WriteRanks(result);
        if (result.Wrong > 0) WriteWrong(result);
    }

    /// <summary>Ends the output with the summary, after <paramref name="failure"/> where there was one, and what <paramref name="document"/> has of pairs.</summary>
    public void Finish(Failure? failure, IReadOnlyList<ExpectationSection>? expectations = null, ResultsDocument? document = null)
    {
        if (_table is null || _world is null || _options.Topology) return;
        // Nothing began that could have been stopped: the error has said all.
        if (failure is not null && _facts is null) return;
        IReadOnlyList<SizeResult> results = _results.ToArray();
        foreach (string note in RunNotes.Of(_world, _self, _facts, results, _options, _mpi, _results.LeftOut))
            Table($"note: {note}");
        TimeSpan elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(_started);
        if (document?.Pairs is { } pairs) foreach (string line in PairsText.Lines(pairs, document, _width)) Table(line);
        if (document?.FindSlow is { } search) foreach (string line in FindSlowText.Lines(search, _verbose)) Table(line);
        Table("");
        if (failure is not null) Table($"stopped early: {ErrorLine.OneLine(failure.Message)}");
        foreach (string line in Summary.Lines(results, _world, _options.Verify, elapsed, expectations ?? [], document?.Pairs)) Table(line);
    }

    private static long LargestSize(Control control)
    {
        if (control.Options is not { Traffic: { } matrix, UnscaledTraffic: true }) return control.Options.MaxBytes;
        int ranks = Math.Min(matrix.Rows.Count, control.World.Size);
        return Math.Max(control.Options.MaxBytes, matrix.BusiestBytes(ranks));
    }

    private TableLayout Layout() => _layout ??= new TableLayout(_width, 0, 0);

    private void WriteHeader(World world, FabricFacts facts)
    {
        int hosts = world.Processes.Select(process => process.Host).Distinct().Count();
        string mode = _process.ModeName;
        Table($"nperf {Arguments.CommandLine.ProgramVersion}: {mode}, {Count(world.Size, "rank")} in "
            + $"{Count(world.Processes.Count, "process", "processes")} on {Count(hosts, "host")}, "
            + facts.Summary + (_mpi is null ? "" : $", joined by {_mpi.Library}"));
        if (_groups is { Count: > 1 })
            Table($"  {_groups.Count} groups of {Count(_groups.Size, "rank")} at once (--split {_options.Split})");
        if (_mpi is not null && _verbose) Table($"  MPI library {_mpi.Path}, started by {_mpi.Launcher ?? "nobody's launcher"}");
        if (facts.Reason is not null) Status(facts.Reason);
        if (world.Processes.Count > MostProcessesListed && !_verbose) return;
        foreach (ProcessInfo process in world.Processes)
        {
            string address = process.Address == process.Host ? "" : $" ({process.Address})";
            Table($"  {RanksOf(process)}: {process.Host}{address}, process {process.ProcessId}{GpusOf(process, facts)}"
                + InterfacesOf(process, facts));
        }
    }

    private static string HowOf(SizeResult result) => result switch
    {
        { Algorithm: null } => "",
        { Protocol: null } => $"algorithm {result.Algorithm}, ",
        { Channels: null } => $"algorithm {result.Algorithm}, protocol {result.Protocol}, ",
        _ => $"algorithm {result.Algorithm}, protocol {result.Protocol}, {Count(result.Channels.Value, "channel")}, ",
    };

    private static string GpusOf(ProcessInfo process, FabricFacts facts)
    {
        Gpu[] gpus = [.. facts.Gpus.Where(gpu => process.HasRank(gpu.Rank)).Select(gpu => gpu.Gpu)];
        if (gpus.Length == 0) return "";
        string names = string.Join(", ", gpus.Select(gpu => gpu.Name).Distinct());
        string which = gpus.Length == 1 ? "GPU" : "GPUs";
        return $", {which} {string.Join(',', gpus.Select(gpu => gpu.Index))} ({names})";
    }

    private static string InterfacesOf(ProcessInfo process, FabricFacts facts) =>
        facts.Interfaces.ElementAtOrDefault(process.Index) is { Count: > 0 } named
            ? $", data over {string.Join(", ", named.Select(one => $"{one.Name} ({one.Address})"))}"
            : "";

    private void WriteRanks(SizeResult result)
    {
        Table($"  {HowOf(result)}{result.Iterations} operations, {NumberFormat.Time(result.EnqueueUs)} us each to enqueue");
        foreach (RankResult rank in result.Ranks)
        {
            Table($"  rank {rank.Rank,-4} time {NumberFormat.Time(rank.TimeUs.Avg),8}"
                + $"  min {NumberFormat.Time(rank.TimeUs.Min),8}  max {NumberFormat.Time(rank.TimeUs.Max),8}"
                + $"  p99 {NumberFormat.Time(rank.TimeUs.P99),8} us" + WaitingOf(rank));
        }
    }

    private static string WaitingOf(RankResult rank) => rank.Waiting is { } part ? $", {100 * part:0} % of it waiting" : "";

    private void WriteWrong(SizeResult result)
    {
        RankResult[] wrong = [.. result.Ranks.Where(rank => rank.Wrong > 0)];
        foreach (RankResult rank in wrong.Take(MostWrongRanksListed))
        {
            string first = rank.FirstWrong is { } element
                ? $", the first at index {element.Index}: expected {element.Expected}, found {element.Found}"
                : "";
            Table($"  wrong: rank {rank.Rank}: {Count(rank.Wrong ?? 0, "element")}{first}");
        }

        if (wrong.Length > MostWrongRanksListed)
            Table($"  wrong: {Count(wrong.Length - MostWrongRanksListed, "more rank")}");
    }

    private string CycleOf(Section section) => _options.Cycles switch
    {
        1 => "",
        0 => $", cycle {section.Cycle}",
        _ => $", cycle {section.Cycle} of {_options.Cycles}",
    };

    private static string NameOf(Section section) =>
        Summary.NameOf(section.Operation, section.DataType, section.ReduceOp, section.Root, section.InPlace);

    /// <summary>This process with the ranks of its members.</summary>
    private ProcessInfo Whole(ProcessInfo self) => self with { RankCount = _process.RanksPerProcess };

    private static string RanksOf(ProcessInfo process) => process.RankCount == 1
        ? $"rank {process.FirstRank}"
        : $"ranks {process.FirstRank}-{process.FirstRank + process.RankCount - 1}";

    private static string Count(long number, string thing, string? several = null) =>
        number == 1 ? $"1 {thing}" : $"{number} {several ?? thing + "s"}";

    private void Status(string line)
    {
        try
        {
            WriteTo(_status, line);
        }
        catch (RunException) when (_status != _table)
        {
            // What only accompanies the figures is not worth a run.
        }
    }

    private void Table(string line)
    {
        if (_table is not null) WriteTo(_table, line);
    }

    private void WriteTo(TextWriter writer, string line)
    {
        if (_progress is null) writer.WriteLine(line);
        else _progress.WriteAround(writer, line);
    }
}
