using System.Text.Json;
using Nperf.Core.Data;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

public sealed class RefusalTests
{
    [Fact]
    public async Task Options_that_differ_are_named_with_both_values_on_every_process()
    {
        using AbortSignal server = new();
        using AbortSignal good = new();
        using AbortSignal bad = new();
        RecordingObserver observer = new();
        RunOptions options = new() { MinBytes = 1 << 20, MaxBytes = 1 << 20, Iterations = 10 };
        Task<Control> serving = Star.Serve(observer, server, clients: 2, options);
        int port = (await observer.ListeningAt).Port;
        Task<Control> goodJoin = Star.Join(
            new RecordingObserver(), good, port, options: options with { Seconds = 3 }, given: "--bytes");
        await observer.NextJoin();
        Task<Control> badJoin = Star.Join(
            new RecordingObserver(),
            bad,
            port,
            options: options with { MinBytes = 2 << 20, DataTypes = [DataType.Int8, DataType.Float16], Iterations = 11 },
            given: ["--dtype", "--bytes", "--max-bytes"]);

        foreach (Task<Control> call in new[] { serving, goodJoin, badJoin })
        {
            Failure failure = await Star.FailureOf(call);
            Assert.Equal(FailureKind.OptionsDiffer, failure.Kind);
            string host = ThisProcess.Host;
            Assert.Equal(
                $"options differ: --bytes: server has 1M, client {host} was given 2M; "
                + $"--dtype: server has float32, client {host} was given int8,float16",
                failure.Message);
        }
    }

    [Fact]
    public async Task Another_version_of_nperf_is_refused_with_both_versions_on_both_sides()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1);
        using RawPeer client = RawPeer.Connect((await observer.ListeningAt).Port);
        client.GreetAsClient();
        client.SendMessage(0x01, RawPeer.Hello("9.8.7"));
        using var abort = JsonDocument.Parse(client.ReadMessage(0x22));
        string message = (await Star.FailureOf(serving)).Message;
        Assert.Equal(message, abort.RootElement.GetProperty("message").GetString());
        Assert.Contains($"server has {ThisProcess.Version}, client scripted (127.0.0.1) has 9.8.7", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_protocol_version_is_answered_with_the_own_one_and_ends_the_run()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1);
        using RawPeer client = RawPeer.Connect((await observer.ListeningAt).Port);
        client.Send("NPERF>"u8.ToArray());
        client.Send(0x07, 0x00);
        Assert.Equal([.. "NPERF<"u8, 0x01, 0x00], client.Read(8));
        client.ExpectClosed();
        Assert.Contains("server speaks 1, client 127.0.0.1 speaks 7", (await Star.FailureOf(serving)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_names_both_protocol_versions()
    {
        using AbortSignal signal = new();
        using var listener = RawPeer.Listen(out int port);
        Task<Control> joining = Star.Join(new RecordingObserver(), signal, port);
        using RawPeer server = RawPeer.Accept(listener);
        server.Read(8);
        server.Send([.. "NPERF<"u8, 0x02, 0x00]);
        Assert.Contains("server 127.0.0.1 speaks 2, this client 1", (await Star.FailureOf(joining)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_few_clients_in_time_are_counted_and_named_to_those_who_came()
    {
        using AbortSignal server = new();
        using AbortSignal client = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, server, clients: 2, joinSeconds: 1.5);
        Task<Control> joining = Star.Join(new RecordingObserver(), client, (await observer.ListeningAt).Port);
        Failure failure = await Star.FailureOf(serving);
        Assert.Equal(FailureKind.Timeout, failure.Kind);
        Assert.Equal($"1 of 2 clients joined within 1.5 s (--timeout): {ThisProcess.Host} (127.0.0.1)", failure.Message);
        Assert.Equal(failure.Message, (await Star.FailureOf(joining)).Message);
    }

    [Fact]
    public async Task Each_client_that_joins_renews_the_wait_for_the_next()
    {
        const double JoinSeconds = 1.5;
        using AbortSignal server = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, server, clients: 2, joinSeconds: JoinSeconds);
        int port = (await observer.ListeningAt).Port;
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(JoinSeconds / 2), TestContext.Current.CancellationToken);
        using AbortSignal client = new();
        Task<Control> joining = Star.Join(new RecordingObserver(), client, port);
        await Star.FailureOf(serving);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds >= 1.45 * JoinSeconds);
        await Star.FailureOf(joining);
    }

    [Fact]
    public async Task One_client_too_many_is_told_that_the_run_is_full()
    {
        using AbortSignal server = new();
        using AbortSignal client = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, server, clients: 1);
        int port = (await observer.ListeningAt).Port;
        using RawPeer late = RawPeer.Connect(port);
        late.GreetAsClient();
        Control[] controls = await Task.WhenAll(serving, Star.Join(new RecordingObserver(), client, port));
        late.SendMessage(0x01, RawPeer.Hello(ThisProcess.Version));
        Assert.Contains("the run is full: it has its client already", late.ReadMessage(0x22), StringComparison.Ordinal);
        late.ExpectClosed();

        await Task.WhenAll(controls.Select(control => Star.OnThread(control.Leave)));
        Assert.False(server.IsSet);
        foreach (Control control in controls) control.Dispose();
    }

    [Fact]
    public async Task A_port_in_use_is_named_at_once()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1);
        int port = (await observer.ListeningAt).Port;
        using AbortSignal second = new();
        Failure failure = await Star.FailureOf(Star.Serve(new RecordingObserver(), second, clients: 1, port: port));
        Assert.StartsWith($"port {port} is in use on [::]", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith($"ss -ltnp 'sport = :{port}'", failure.Message, StringComparison.Ordinal);
        signal.Set(new Failure(FailureKind.Interrupted, "done"));
        await Star.FailureOf(serving);
    }
}
