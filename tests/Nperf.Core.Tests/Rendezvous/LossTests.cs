using System.Net.Sockets;
using Nperf.Core.Liveness;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

public sealed class LossTests
{
    [Fact]
    public async Task A_client_lost_in_a_barrier_is_named_on_all_others()
    {
        using RawPeerRun run = await RawPeerRun.WithOneOtherClient();
        Task[] barriers = [.. run.Controls.Select(control => Star.OnThread(() => control.Barrier("size 4M")))];
        run.Raw.Dispose();
        foreach (Task barrier in barriers)
        {
            Failure failure = await Star.FailureOf(barrier);
            Assert.Equal(FailureKind.PeerLost, failure.Kind);
            Assert.StartsWith("ranks 2-3 on scripted (127.0.0.1) were lost during", failure.Message, StringComparison.Ordinal);
            Assert.Equal((2, "scripted"), (failure.Rank, failure.Host));
        }
    }

    [Fact]
    public async Task A_client_that_leaves_alone_is_lost()
    {
        using RawPeerRun run = await RawPeerRun.WithOneOtherClient();
        Task barrier = Star.OnThread(() => run.Controls[1].Barrier("size 4M"));
        run.Raw.Send(0x21);
        run.Raw.Dispose();
        Assert.Equal(FailureKind.PeerLost, (await Star.FailureOf(barrier)).Kind);
    }

    [Fact]
    public async Task A_lost_server_is_named_by_its_clients()
    {
        await using Star star = await Star.Of(new RunOptions(), 1, 1);
        Task barrier = Star.OnThread(() => star.Controls[1].Barrier("size 4M"));
        star.Controls[0].Dispose();
        Failure failure = await Star.FailureOf(barrier);
        Assert.Equal(FailureKind.PeerLost, failure.Kind);
        Assert.StartsWith($"rank 0 on {ThisProcess.Host} (127.0.0.1) was lost during", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Those_who_miss_a_barrier_are_named_on_every_process()
    {
        await using Star star = await Star.Of(new RunOptions { TimeoutSeconds = 2 }, 1, 1, 2, 1);
        foreach (RankMark mark in star.Controls[2].Marks) mark.Enter(RankStep.Checking, "allreduce", 4096);
        Task[] barriers = [.. new[] { 0, 1 }.Select(i => Star.OnThread(() => star.Controls[i].Barrier("warm-up")))];
        foreach (Task barrier in barriers)
        {
            Failure failure = await Star.FailureOf(barrier);
            Assert.Equal(FailureKind.Timeout, failure.Kind);
            Assert.Equal(
                $"ranks 2-3 on {ThisProcess.Host} (127.0.0.1), rank 4 on {ThisProcess.Host} (127.0.0.1) did not reach warm-up within 2 s: "
                + $"ranks 0-1 on {ThisProcess.Host} are waiting at: warm-up; "
                + $"ranks 2-3 on {ThisProcess.Host} are checking the result of allreduce of 4096 B; "
                + $"rank 4 on {ThisProcess.Host} is joining",
                failure.Message);
            Assert.Equal((2, "warm-up"), (failure.Rank, failure.Step));
        }

        Assert.Equal(FailureKind.Timeout, (await Star.FailureOf(Star.OnThread(() => star.Controls[3].Barrier("late")))).Kind);
    }

    [Fact]
    public async Task A_server_that_misses_a_barrier_is_named_by_its_client()
    {
        await using Star star = await Star.Of(new RunOptions { TimeoutSeconds = 0.8 }, 1, 1);
        Failure failure = await Star.FailureOf(Star.OnThread(() => star.Controls[1].Barrier("warm-up")));
        Assert.Equal(FailureKind.Timeout, failure.Kind);
        Assert.StartsWith("rank 0 on ", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(0, true)]
    [InlineData(3, true)]
    public async Task An_abort_reaches_everyone_whatever_they_wait_for(int from, bool bySignal)
    {
        await using Star star = await Star.Of(new RunOptions(), 1, 1, 1, 1);
        Task[] waits =
        [
            Star.OnThread(() => star.Controls[0].AllReduce([1], ControlReduction.Sum, "sum")),
            Star.OnThread(() => star.Controls[1].AllReduce([1], ControlReduction.Sum, "sum")),
            Star.OnThread(() => star.Controls[2].Broadcast(0, [], "broadcast")),
            Star.OnThread(() => star.Controls[3].Broadcast(1, [], "broadcast")),
        ];
        Failure interrupt = new(FailureKind.Interrupted, "Ctrl-C on that host");
        if (bySignal) star.Controls[from].AbortSignal.Set(interrupt);
        else star.Controls[from].Abort(interrupt);

        foreach (Task wait in waits)
        {
            Failure failure = await Star.FailureOf(wait);
            Assert.Equal((interrupt.Kind, interrupt.Message), (failure.Kind, failure.Message));
        }
    }

    [Fact]
    public async Task An_abort_carries_where_it_happened()
    {
        await using Star star = await Star.Of(new RunOptions(), 1, 2, 1);
        Task[] waits = [.. new[] { 0, 1 }.Select(i => Star.OnThread(() => star.Controls[i].Barrier("size 1G")))];
        star.Controls[2].Abort(new Failure(FailureKind.Terminated, "SIGTERM") { Step = "allreduce 8 B" });
        foreach (Task wait in waits)
        {
            Failure failure = await Star.FailureOf(wait);
            Assert.Equal(new Failure(FailureKind.Terminated, "SIGTERM")
            {
                Rank = 3,
                Host = ThisProcess.Host,
                Step = "allreduce 8 B",
            }, failure);
        }
    }

    [Fact]
    public async Task Calls_that_do_not_fit_each_other_are_named_with_both()
    {
        await using Star star = await Star.Of(new RunOptions(), 1, 1);
        Task client = Star.OnThread(() => star.Controls[1].Gather([], "results"));
        Failure failure = await Star.FailureOf(Star.OnThread(() => star.Controls[0].Barrier("size 8")));
        Assert.Equal(
            $"rank 1 on {ThisProcess.Host} (127.0.0.1) sent Gather where Barrier was expected during size 8", failure.Message);
        await client;
    }

    [Fact]
    public async Task Values_that_do_not_fit_each_other_are_refused()
    {
        await using Star star = await Star.Of(new RunOptions(), 1, 1);
        Task client = Star.OnThread(() => star.Controls[1].AllReduce([1, 2], ControlReduction.Min, "time"));
        Failure failure = await Star.FailureOf(Star.OnThread(() => star.Controls[0].AllReduce([1], ControlReduction.Max, "time")));
        Assert.Contains("sent 2 values to reduce by Min where 1 by Max were expected", failure.Message, StringComparison.Ordinal);
        Assert.Equal(failure.Message, (await Star.FailureOf(client)).Message);
    }

    [Fact]
    public async Task A_client_lost_while_others_are_waited_for_ends_the_run()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 2);
        using (RawPeer client = RawPeer.Connect((await observer.ListeningAt).Port))
        {
            client.GreetAsClient();
            client.SendMessage(0x01, RawPeer.Hello(ThisProcess.Version));
            client.ReadMessage(0x02);
        }

        Failure failure = await Star.FailureOf(serving);
        Assert.Equal((FailureKind.PeerLost, "rendezvous"), (failure.Kind, failure.Step));
    }

    [Fact]
    public void A_peer_without_heartbeat_is_lost_though_its_kernel_answers()
    {
        using Socket listener = RawPeer.Listen(out int port);
        using RawPeer frozen = RawPeer.Connect(port);
        using AbortSignal signal = new();
        using Peers peers = new(signal, rank: 0, ranks: 1, timeout: TimeSpan.FromSeconds(1.2)) { SilenceLimit = TimeSpan.FromSeconds(1) };
        peers.Add(new Connection(new PolledStream(listener.Accept(), Poller.OfThisProcess)), ThisProcess.Describe(index: 1, firstRank: 1, rankCount: 2, "10.0.0.9"));
        Assert.Equal(0x20, frozen.Read(1)[0]);
        Assert.True(signal.Token.WaitHandle.WaitOne(Star.Patience));
        Assert.Equal(FailureKind.PeerLost, signal.Failure!.Kind);
        Assert.Matches(
            @"^ranks 1-2 on \S+ \(10\.0\.0\.9\) were lost during rendezvous: no heartbeat came for \d+ s$", signal.Failure.Message);
    }

    [Fact]
    public void A_server_that_is_silent_is_what_its_client_names()
    {
        using Socket listener = RawPeer.Listen(out int port);
        using RawPeer frozen = RawPeer.Connect(port);
        using AbortSignal signal = new();
        using Peers peers = new(signal, rank: 1, ranks: 1, timeout: TimeSpan.FromSeconds(0.8));
        ProcessInfo server = ThisProcess.Describe(index: 0, firstRank: 0, rankCount: 1, "10.0.0.9");
        peers.Add(new Connection(new PolledStream(listener.Accept(), Poller.OfThisProcess)), server);
        peers.Begin(new World([server, ThisProcess.Describe(index: 1, firstRank: 1, rankCount: 1, "10.0.0.8")]));
        Failure failure = Assert.Throws<RunException>(() => peers.Take(0, MessageType.Release)).Failure;
        Assert.Equal((FailureKind.PeerLost, 0), (failure.Kind, failure.Rank));
        Assert.Matches(@"^rank 0 on \S+ \(10\.0\.0\.9\) was lost during rendezvous: no heartbeat came for ", failure.Message);

        // Whoever else waits, or sees another give up, says the same, not whose data it misses.
        foreach (FailureKind kind in new[] { FailureKind.Timeout, FailureKind.PeerLost })
            Assert.Equal(failure.Rank, peers.Explain(new Failure(kind, "rank 1 misses data from rank 2") { Rank = 2 }).Rank);
    }

    [Fact]
    public async Task A_rank_that_gets_on_is_waited_for_beyond_the_timeout_and_one_that_does_not_is_named()
    {
        var timeout = TimeSpan.FromSeconds(4);
        await using Star star = await Star.Of(new RunOptions { TimeoutSeconds = timeout.TotalSeconds }, 1, 1, 1);
        RankMark mark = star.Controls[2].Marks.First;
        mark.Enter(RankStep.Filling, "gather");
        Task[] barriers = [.. new[] { 0, 1 }.Select(i => Star.OnThread(() => star.Controls[i].Barrier("gather, 64 G")))];
        using (CancellationTokenSource enough = new())
        {
            Task moving = Star.OnThread(() =>
            {
                while (!enough.Token.WaitHandle.WaitOne(20)) mark.Move();
            });
            Task first = await Task.WhenAny([.. barriers, Task.Delay(2.5 * timeout, TestContext.Current.CancellationToken)]);
            Assert.DoesNotContain(first, barriers);
            await enough.CancelAsync();
            await moving;
        }

        foreach (Task barrier in barriers)
        {
            Failure failure = await Star.FailureOf(barrier);
            Assert.Equal((FailureKind.Timeout, 2, "gather, 64 G"), (failure.Kind, failure.Rank!.Value, failure.Step));
            Assert.EndsWith($"rank 2 on {ThisProcess.Host} is filling buffers for gather", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_run_in_which_nobody_waits_and_nothing_moves_is_given_up()
    {
        await using Star star = await Star.Of(new RunOptions { TimeoutSeconds = 1 }, 1, 2);
        star.Controls[1].Marks.Of(2).Enter(RankStep.WarmingUp, "allreduce", 1024);
        Assert.True(await Star.OnThread(() => star.Controls[1].AbortSignal.Token.WaitHandle.WaitOne(Star.Patience)));
        Failure failure = star.Controls[1].AbortSignal.Failure!;
        Assert.Equal(FailureKind.Timeout, failure.Kind);
        Assert.StartsWith("ranks 0-1 hold the run up, nothing has moved for 1 s: ", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A server, one client, and a scripted client that brings ranks 2 and 3.</summary>
    private sealed class RawPeerRun(Control[] controls, RawPeer raw, AbortSignal[] signals) : IDisposable
    {
        public Control[] Controls => controls;

        public RawPeer Raw => raw;

        public static async Task<RawPeerRun> WithOneOtherClient()
        {
            AbortSignal[] signals = [new(), new()];
            RecordingObserver observer = new();
            Task<Control> serving = Star.Serve(observer, signals[0], clients: 2);
            int port = (await observer.ListeningAt).Port;
            Task<Control> joining = Star.Join(new RecordingObserver(), signals[1], port);
            await observer.NextJoin();
            RawPeer raw = RawPeer.Connect(port);
            raw.GreetAsClient();
            raw.SendMessage(0x01, RawPeer.Hello(ThisProcess.Version, ranks: 2));
            raw.ReadMessage(0x02);
            raw.ReadMessage(0x04);
            raw.ReadMessage(0x05);
            raw.Send(0x10);
            Assert.Equal(0x11, raw.ReadType());
            return new RawPeerRun(await Task.WhenAll(serving, joining), raw, signals);
        }

        public void Dispose()
        {
            raw.Dispose();
            foreach (Control control in controls) control.Dispose();
            foreach (AbortSignal signal in signals) signal.Dispose();
        }
    }
}
