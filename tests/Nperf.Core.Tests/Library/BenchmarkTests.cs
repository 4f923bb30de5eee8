using System.Text.Json;
using Nperf.Core.Options;
using Nperf.Core.Results;
using Nperf.Core.Tests.Rendezvous;

namespace Nperf.Core.Tests.Library;

/// <summary>nperf as a library, as a program calls it.</summary>
public sealed class BenchmarkTests
{
    private static readonly BenchmarkOptions Small = new()
    {
        Run = new RunOptions { MinBytes = 64, MaxBytes = 1024, Iterations = 2, WarmupIterations = 1, Backend = Backend.Host },
        Process = new ProcessOptions { RanksPerProcess = 2 },
    };

    private static readonly BenchmarkOptions Endless = Small with { Run = Small.Run with { Cycles = 0 } };

    [Fact]
    public async Task A_run_reports_each_size_and_returns_the_document()
    {
        var progress = new Recorder();
        ResultsDocument document = await Benchmark.RunAsync(Small, progress, Cancelled);

        Assert.Equal([64L, 128, 256, 512, 1024], document.Results.Select(size => size.Bytes));
        Assert.Equal(document.Results, progress.Reports.Select(report => report.Finished));
        Assert.Equal([(1L, 5L), (2, 5), (3, 5), (4, 5), (5, 5)], progress.Reports.Select(report => (report.SizesDone, report.SizesTotal)));
        Assert.All(document.Results, size => Assert.True(size is { TimeUs.Avg: > 0, BusBandwidth: > 0, Wrong: 0 }));
        Assert.Null(document.Error);
        Assert.Equal(("host", 2), (document.Config.Backend, document.Config.NumGpus));
    }

    [Fact]
    public async Task Without_further_word_a_local_run_has_two_ranks_on_CPU_memory()
    {
        ResultsDocument document = await Benchmark.RunAsync(new BenchmarkOptions { Run = Small.Run }, cancellation: Cancelled);
        Assert.Equal(2, document.Config.NumGpus);
    }

    [Fact]
    public async Task The_document_is_that_of_the_command_line()
    {
        ResultsDocument document = await Benchmark.RunAsync(Small, cancellation: Cancelled);
        using JsonDocument json = JsonDocument.Parse(document.ToJson());
        Assert.Equal(1, json.RootElement.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(document.Results[4].BusBandwidth, json.RootElement.GetProperty("results")[4].GetProperty("busBandwidth").GetDouble());
    }

    [Fact]
    public async Task The_call_returns_while_the_run_goes_on_and_no_second_one_may_begin()
    {
        using var returned = new ManualResetEventSlim();
        Task<ResultsDocument> first = Benchmark.RunAsync(Small, new Recorder { OnReport = _ => returned.Wait(Star.Patience) }, Cancelled);

        InvalidOperationException second = Assert.Throws<InvalidOperationException>(() => { _ = Benchmark.RunAsync(Small, cancellation: Cancelled); });
        returned.Set();

        Assert.Contains("one at a time", second.Message, StringComparison.Ordinal);
        Assert.Equal(5, (await first).Results.Count);
        Assert.Equal(5, (await Benchmark.RunAsync(Small, cancellation: Cancelled)).Results.Count);
    }

    [Fact]
    public async Task Cancelling_ends_a_run_with_what_was_measured_and_the_next_one_runs()
    {
        using var cancellation = new CancellationTokenSource();
        var progress = new Recorder { OnReport = report => { if (report.SizesDone == 3) cancellation.Cancel(); } };

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Benchmark.RunAsync(Endless, progress, cancellation.Token).WaitAsync(Star.Patience, Cancelled));

        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        var ended = Assert.IsType<RunException>(cancelled.InnerException);
        Assert.Equal(FailureKind.Interrupted, ended.Failure.Kind);
        Assert.Equal([64L, 128, 256], ended.Document!.Results.Take(3).Select(size => size.Bytes));
        Assert.Equal("interrupted", ended.Document.Error!.Code);
        Assert.Null((await Benchmark.RunAsync(Small, cancellation: Cancelled)).Error);
    }

    [Fact]
    public async Task What_was_cancelled_before_does_not_begin()
    {
        var progress = new Recorder();
        Task<ResultsDocument> run = Benchmark.RunAsync(Endless, progress, new CancellationToken(canceled: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Empty(progress.Reports);
    }

    [Fact]
    public async Task A_run_that_fails_throws_with_the_reason_and_the_document()
    {
        BenchmarkOptions alone = Small with
        {
            Process = new ProcessOptions { Mode = Mode.Server, Port = UnusedPort(), JoinTimeoutSeconds = 0.2 },
        };
        var failed = await Assert.ThrowsAsync<RunException>(() => Benchmark.RunAsync(alone, cancellation: Cancelled));
        Assert.Equal(FailureKind.Timeout, failed.Failure.Kind);
        Assert.Equal(("timeout", failed.Message), (failed.Document!.Error!.Code, failed.Document.Error.Message));
        Assert.Empty(failed.Document.Results);
    }

    [Fact]
    public async Task What_the_receiver_of_progress_throws_ends_the_run()
    {
        var progress = new Recorder { OnReport = report => { if (report.SizesDone == 2) throw new IOException("disk full"); } };
        var failed = await Assert.ThrowsAsync<RunException>(() => Benchmark.RunAsync(Endless, progress, Cancelled));
        Assert.Equal("the receiver of progress failed: IOException: disk full", failed.Message);
        Assert.Contains("disk full", failed.InnerException!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_runs_with_a_client_that_takes_its_options()
    {
        int port = UnusedPort();
        BenchmarkOptions server = Small with { Process = new ProcessOptions { Mode = Mode.Server, Port = port } };
        Task<ResultsDocument> run = Benchmark.RunAsync(server, cancellation: Cancelled);
        var abort = new AbortSignal();
        RunOutcome client = await Star.OnThread(() => Run.Execute(
            new RunOptions { Backend = Backend.Host }, new HashSet<string>(),
            new ProcessOptions { Mode = Mode.Client, ServerHost = "127.0.0.1", Port = port }, abort, new RecordingObserver(), new RunProgress()));

        Assert.Null(client.Failure);
        ResultsDocument document = await run;
        Assert.Equal(5, document.Results.Count);
        Assert.Equal(2, document.Processes.Count);
    }

    public static TheoryData<string, BenchmarkOptions> Unsound => new()
    {
        { "Run.Operations", Of(run => run with { Operations = ["allredcue"] }) },
        { "Run.Operations", Of(run => run with { Operations = [] }) },
        { "Run.DataTypes", Of(run => run with { DataTypes = [(Core.Data.DataType)99] }) },
        { "Run.MinBytes", Of(run => run with { MinBytes = 0 }) },
        { "Run.MaxBytes", Of(run => run with { MaxBytes = 63 }) },
        { "Run.StepFactor", Of(run => run with { StepFactor = 1 }) },
        { "Run.StepFactor", Of(run => run with { StepFactor = double.PositiveInfinity }) },
        { "Run.Iterations", Of(run => run with { Iterations = 0 }) },
        { "Run.Seconds", Of(run => run with { Seconds = double.NaN }) },
        { "Run.TimeoutSeconds", Of(run => run with { TimeoutSeconds = 0 }) },
        { "Run.Roots", Of(run => run with { Roots = [-1] }) },
        { "Run.Backend", Of(run => run with { Backend = Backend.Mpi }) },
        { "Run.Sync", Of(run => run with { GraphLaunches = 2, Sync = SyncMode.Op }) },
        { "Process.Mode", Small with { Process = new ProcessOptions { Mode = Mode.Mpi } } },
        { "Process.ServerHost", Small with { Process = new ProcessOptions { Mode = Mode.Client } } },
        { "Process.Port", Small with { Process = new ProcessOptions { Mode = Mode.Server, Port = 0 } } },
        { "Process.ExpectedClients", Small with { Process = new ProcessOptions { Mode = Mode.Server, ExpectedClients = 0 } } },
        { "Process.RanksPerProcess", Small with { Process = new ProcessOptions { RanksPerProcess = -2 } } },
    };

    [Theory]
    [MemberData(nameof(Unsound), DisableDiscoveryEnumeration = true)]
    public void An_option_out_of_its_bounds_is_refused_by_name(string name, BenchmarkOptions options)
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => { _ = Benchmark.RunAsync(options, cancellation: Cancelled); });
        Assert.StartsWith($"{name} has to be ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_ranks_cannot_run_fails()
    {
        BenchmarkOptions stranger = Of(run => run with { Operations = ["broadcast"], Roots = [2] });
        var failed = await Assert.ThrowsAsync<RunException>(() => Benchmark.RunAsync(stranger, cancellation: Cancelled));
        Assert.Equal("--root: 2 is not a rank; with 2 ranks they are 0 to 1", failed.Message);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static BenchmarkOptions Of(Func<RunOptions, RunOptions> change) => Small with { Run = change(Small.Run) };

    private static int UnusedPort()
    {
        using System.Net.Sockets.Socket free = RawPeer.Listen(out int port);
        return port;
    }

    private sealed class Recorder : IProgress<BenchmarkProgress>
    {
        public List<BenchmarkProgress> Reports { get; } = [];

        public Action<BenchmarkProgress>? OnReport { get; init; }

        public void Report(BenchmarkProgress value)
        {
            Reports.Add(value);
            OnReport?.Invoke(value);
        }
    }
}
