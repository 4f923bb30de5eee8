using System.Net;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Meeting = Nperf.Core.Rendezvous.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>A server and its clients in one test process, over real connections; each call on a thread of its own.</summary>
internal sealed class Star : IAsyncDisposable
{
    /// <summary>The longest that a test waits for what has to happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly AbortSignal[] _signals;

    private Star(Control[] controls, AbortSignal[] signals) => (Controls, _signals) = (controls, signals);

    /// <summary>By index: the server's first.</summary>
    public Control[] Controls { get; }

    public static Task<T> OnThread<T>(Func<T> call) => Task.Factory.StartNew(
        call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(Patience * 2);

    public static Task OnThread(Action call) => OnThread(() =>
    {
        call();
        return 0;
    });

    public static Task<Control> Serve(
        RecordingObserver observer, AbortSignal signal, int clients, RunOptions? options = null, double joinSeconds = 60,
        int port = 0, int ranks = 1, AssignedPlace? place = null, Token? token = null, IPAddress? bind = null)
    {
        ProcessOptions process = new()
        {
            Mode = Mode.Server,
            Assigned = place,
            Port = port,
            ExpectedClients = clients,
            RanksPerProcess = ranks,
            JoinTimeoutSeconds = joinSeconds,
            Token = token,
            Bind = bind,
        };
        return OnThread(() => Meeting.Serve(options ?? new RunOptions(), process, signal, observer));
    }

    public static Task<Control> Join(
        RunObserver observer, AbortSignal signal, int port, double joinSeconds = 60, int ranks = 1, string host = "127.0.0.1",
        RunOptions? options = null, AssignedPlace? place = null, Token? token = null, IPAddress? bind = null,
        params string[] given)
    {
        ProcessOptions process = new()
        {
            Mode = Mode.Client,
            Assigned = place,
            ServerHost = host,
            Port = port,
            RanksPerProcess = ranks,
            JoinTimeoutSeconds = joinSeconds,
            Token = token,
            Bind = bind,
        };
        return OnThread(() => Meeting.Join(process, options ?? new RunOptions(), given.ToHashSet(), signal, observer));
    }

    /// <summary>One process for each number of ranks, the server first; clients join in this order.</summary>
    public static Task<Star> Of(RunOptions options, params int[] ranks) => Of(options, null, ranks);

    /// <summary>The same with a token, or without where it is null.</summary>
    public static async Task<Star> Of(RunOptions options, Token? token, params int[] ranks)
    {
        AbortSignal[] signals = [.. ranks.Select(_ => new AbortSignal())];
        RecordingObserver observer = new();
        Task<Control>[] processes = new Task<Control>[ranks.Length];
        processes[0] = Serve(observer, signals[0], ranks.Length - 1, options, ranks: ranks[0], token: token);
        int port = (await observer.ListeningAt).Port;
        for (int i = 1; i < ranks.Length; i++)
        {
            processes[i] = Join(new RecordingObserver(), signals[i], port, ranks: ranks[i], token: token);
            await observer.NextJoin();
        }

        return new Star(await Task.WhenAll(processes), signals);
    }

    /// <summary>Makes a call on every process at once.</summary>
    public Task<T[]> OnAll<T>(Func<Control, T> call) =>
        Task.WhenAll(Controls.Select(control => OnThread(() => call(control))));

    public Task OnAll(Action<Control> call) => Task.WhenAll(Controls.Select(control => OnThread(() => call(control))));

    /// <summary>The failure that a call ends with.</summary>
    public static async Task<Failure> FailureOf(Task call) => (await Assert.ThrowsAsync<RunException>(() => call)).Failure;

    public async ValueTask DisposeAsync()
    {
        await OnAll(control => control.Dispose());
        foreach (AbortSignal signal in _signals) signal.Dispose();
    }
}
