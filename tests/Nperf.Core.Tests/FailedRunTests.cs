using System.Net.Sockets;
using System.Runtime;
using Nperf.Core.Benchmarking;
using Nperf.Core.Host;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;
using Nperf.Core.Tests.Benchmarking;
using Nperf.Core.Tests.Rendezvous;

namespace Nperf.Core.Tests;

/// <summary>A run that fails leaves nothing open in a process that goes on, whatever it was doing.</summary>
[Collection(AloneInProcess.Name)]
public sealed class FailedRunTests
{
    /// <summary>More than some runs allocate, bytes.</summary>
    private const long MostAllocated = 64 << 20;

    private static readonly RunOptions Small = new() { Transport = Transport.Tcp, Iterations = 2, WarmupIterations = 1 };

    [Fact]
    public Task A_run_that_ends_well_leaves_nothing() => LeavesNothing(
        async () => Assert.All(await Both(Small), outcome => Assert.Null(outcome.Failure)));

    [Fact]
    public Task Nor_does_a_client_that_finds_no_server() => LeavesNothing(async () =>
    {
        using Socket free = RawPeer.Listen(out int port);
        free.Dispose();
        RunOutcome outcome = await Client(Small, port, joinSeconds: 0.2);
        Assert.Equal(FailureKind.Timeout, outcome.Failure!.Kind);
    });

    [Fact]
    public Task Nor_a_server_whose_port_is_taken() => LeavesNothing(async () =>
    {
        using Socket taken = RawPeer.Listen(out int port);
        RunOutcome outcome = await Server(Small, new RecordingObserver(), port);
        Assert.Contains("is in use", outcome.Failure!.Message, StringComparison.Ordinal);
    });

    [Fact]
    public Task Nor_a_client_that_is_refused_and_its_server() => LeavesNothing(async () =>
    {
        RunOutcome[] outcomes = await Both(Small, Small with { Iterations = 3 }, given: "--iters");
        Assert.All(outcomes, outcome => Assert.Equal(FailureKind.OptionsDiffer, outcome.Failure!.Kind));
    });

    [Fact]
    public Task Nor_those_whose_tokens_differ() => LeavesNothing(async () =>
    {
        var observer = new RecordingObserver();
        Task<RunOutcome> server = Server(Small, observer, token: TokenOf("the token of the server"), joinSeconds: 0.5);
        RunOutcome client = await Client(Small, (await observer.ListeningAt).Port, token: TokenOf("another one of a client"));
        Assert.Equal(FailureKind.Error, client.Failure!.Kind);
        Assert.Equal(FailureKind.Timeout, (await server).Failure!.Kind);
    });

    [Theory]
    [InlineData(Transport.Tcp)]
    [InlineData(Transport.Shm)]
    public Task Nor_those_who_lose_each_other(Transport transport) => LeavesNothing(async () =>
    {
        var observer = new HookedObserver();
        Task<RunOutcome> server = Server(Small with { Transport = transport, Cycles = 0 }, observer);
        using var relay = new Relay((await observer.ListeningAt).Port);
        observer.OnSize = relay.Dispose;
        RunOutcome client = await Client(Small, relay.Port);
        Assert.All([await server, client], outcome => Assert.Equal(FailureKind.PeerLost, outcome.Failure!.Kind));
    });

    [Fact]
    public Task Nor_those_of_whom_one_stands_still() => LeavesNothing(async () =>
    {
        using var goesOn = new ManualResetEventSlim();
        var observer = new HookedObserver { OnSize = () => goesOn.Wait(Star.Patience) };
        Task<RunOutcome> server = Server(Small with { TimeoutSeconds = 0.4 }, observer);
        RunOutcome client = await Client(Small, (await observer.ListeningAt).Port);
        goesOn.Set();
        Assert.All([await server, client], outcome => Assert.Equal(FailureKind.Timeout, outcome.Failure!.Kind));
    });

    [Fact]
    public Task Nor_those_who_are_interrupted() => LeavesNothing(async () =>
    {
        using var abort = new AbortSignal();
        var observer = new HookedObserver { OnSize = () => abort.Set(new Failure(FailureKind.Interrupted, "Ctrl-C")) };
        Task<RunOutcome> server = Server(Small with { Cycles = 0 }, observer, abort: abort);
        RunOutcome client = await Client(Small, (await observer.ListeningAt).Port);
        Assert.All([await server, client], outcome => Assert.Equal(FailureKind.Interrupted, outcome.Failure!.Kind));
    });

    [Fact]
    public Task Nor_those_for_whom_there_is_too_little_memory() => LeavesNothing(async () =>
    {
        RunOutcome[] outcomes = await Both(Small with { MinBytes = 1L << 50, MaxBytes = 1L << 50 });
        Assert.All(outcomes, outcome => Assert.Contains("memory", outcome.Failure!.Message, StringComparison.Ordinal));
    });

    [Theory]
    [InlineData(Mode.Local, Moment.WorldComplete)]
    [InlineData(Mode.Local, Moment.RanksConnected)]
    [InlineData(Mode.Local, Moment.Size)]
    [InlineData(Mode.Server, Moment.Listening)]
    [InlineData(Mode.Server, Moment.WorldComplete)]
    [InlineData(Mode.Server, Moment.RanksConnected)]
    [InlineData(Mode.Server, Moment.Size)]
    public Task Nor_those_of_whom_one_cannot_say_what_happens(Mode mode, Moment moment) => LeavesNothing(async () =>
    {
        var observer = new HookedObserver { Broken = moment };
        ProcessOptions process = new() { Mode = mode, Port = 0, RanksPerProcess = mode == Mode.Local ? 2 : 1 };
        Task<RunOutcome> first = Execute(Small, process, observer);
        if (mode == Mode.Server && moment != Moment.Listening)
            Assert.Equal(HookedObserver.Problem, (await Client(Small, (await observer.ListeningAt).Port)).Failure!.Message);
        Assert.Equal(HookedObserver.Problem, (await first).Failure!.Message);
    });

    [Fact]
    public Task Nor_those_whose_results_are_wrong() => LeavesNothing(() => Star.OnThread(() =>
    {
        using var abort = new AbortSignal();
        using Control control = Core.Rendezvous.Rendezvous.Local(
            Small, new ProcessOptions { RanksPerProcess = 2 }, abort, new RecordingObserver());
        Communicator[] ranks = [.. HostFabric.Connect(control, []).Select(rank => new PlantedFault(rank, Fault.FlippedBit, faultyRank: 1))];
        var benchmark = new BenchmarkRun(control, ranks, new RecordingObserver(), new RunProgress());
        benchmark.Run();
        foreach (Communicator rank in ranks) rank.Dispose();
        Assert.True(Assert.Single(benchmark.Results).Wrong > 0);
    }));

    private static async Task LeavesNothing(Func<Task> run)
    {
        // What a first run brings stays: the runtime's own.
        await run();
        HashSet<string> before = Remains.Now();

        // A collection would close what was left open.
        Assert.True(GC.TryStartNoGCRegion(MostAllocated));
        try
        {
            await run();
            Assert.Empty(await Remains.Since(before, Star.Patience));
        }
        finally
        {
            if (GCSettings.LatencyMode == GCLatencyMode.NoGCRegion) GC.EndNoGCRegion();
        }
    }

    private static async Task<RunOutcome[]> Both(RunOptions options, RunOptions? ofClient = null, params string[] given)
    {
        var observer = new RecordingObserver();
        Task<RunOutcome> server = Server(options, observer);
        RunOutcome client = await Client(ofClient ?? options, (await observer.ListeningAt).Port, given: given);
        return [await server, client];
    }

    private static Task<RunOutcome> Server(
        RunOptions options, RunObserver observer, int port = 0, Token? token = null, double joinSeconds = 60, AbortSignal? abort = null) => Execute(
            options, new ProcessOptions { Mode = Mode.Server, Port = port, Token = token, JoinTimeoutSeconds = joinSeconds }, observer, abort);

    private static Task<RunOutcome> Client(
        RunOptions options, int port, Token? token = null, double joinSeconds = 60, params string[] given) => Execute(
            options,
            new ProcessOptions { Mode = Mode.Client, ServerHost = "127.0.0.1", Port = port, Token = token, JoinTimeoutSeconds = joinSeconds },
            new RecordingObserver(), null, given);

    private static Task<RunOutcome> Execute(
        RunOptions options, ProcessOptions process, RunObserver observer, AbortSignal? abort = null, params string[] given) => Star.OnThread(() =>
    {
        using AbortSignal? own = abort is null ? new AbortSignal() : null;
        RunOutcome outcome = Run.Execute(
            options with { Backend = Backend.Host }, given.ToHashSet(), process, abort ?? own!, observer, new RunProgress());
        Assert.True(outcome.HasStopped);
        return outcome;
    });

    private static Token TokenOf(string text)
    {
        Assert.Null(Token.Read(text, out Token? token));
        return token!;
    }

    /// <summary>When an observer fails.</summary>
    public enum Moment
    {
        Never,
        Listening,
        WorldComplete,
        RanksConnected,
        Size,
    }

    /// <summary>Does something at a moment of the run, or fails, as one does whose pipe is closed.</summary>
    private sealed class HookedObserver : RunObserver
    {
        public const string Problem = "cannot say it";

        private readonly RecordingObserver _inner = new();

        public Action? OnSize { get; set; }

        public Moment Broken { get; init; }

        public Task<System.Net.IPEndPoint> ListeningAt => _inner.ListeningAt;

        public override void Listening(System.Net.IPEndPoint endpoint, int expectedClients)
        {
            _inner.Listening(endpoint, expectedClients);
            Reached(Moment.Listening);
        }

        public override void WorldComplete(Control control) => Reached(Moment.WorldComplete);

        public override void RanksConnected(FabricFacts facts) => Reached(Moment.RanksConnected);

        public override void SizeFinished(SizeResult result)
        {
            Reached(Moment.Size);
            OnSize?.Invoke();
        }

        private void Reached(Moment moment)
        {
            if (moment == Broken) throw new RunException(FailureKind.Error, Problem);
        }
    }
}

/// <summary>The collection of the tests that look at the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInProcess
{
    public const string Name = "Alone in the process";
}
