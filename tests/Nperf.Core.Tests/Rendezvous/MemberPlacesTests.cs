using System.Net.Sockets;
using System.Text.Json;
using Nperf.Core.Rendezvous;
using Meeting = Nperf.Core.Rendezvous.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>Places of member processes, as docs/protocol.md has them, asked for by hand.</summary>
public sealed class MemberPlacesTests
{
    [Fact]
    public async Task Members_take_the_places_behind_their_head_in_whatever_order_they_come()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 2, ranks: 2);
        int port = (await observer.ListeningAt).Port;
        using RawPeer head = Join(port, RawPeer.Hello(ThisProcess.Version, ranks: 3, more: ",\"processes\":3"), out JsonElement welcome);
        AssertPlace(welcome.GetProperty("self"), index: 1, firstRank: 2);
        string secret = welcome.GetProperty("secret").GetString()!;
        using RawPeer other = Join(port, RawPeer.Hello(ThisProcess.Version), out JsonElement otherWelcome);
        AssertPlace(otherWelcome.GetProperty("self"), index: 4, firstRank: 5);
        Assert.False(otherWelcome.TryGetProperty("secret", out _));

        using RawPeer second = Join(port, RawPeer.MemberHello(ThisProcess.Version, 1, 2, secret), out JsonElement secondWelcome);
        AssertPlace(secondWelcome.GetProperty("self"), index: 3, firstRank: 4);
        Assert.False(secondWelcome.TryGetProperty("secret", out _));
        Assert.False(serving.IsCompleted);
        using RawPeer first = Join(port, RawPeer.MemberHello(ThisProcess.Version, 1, 1, secret), out JsonElement firstWelcome);
        AssertPlace(firstWelcome.GetProperty("self"), index: 2, firstRank: 3);

        RawPeer[] byIndex = [head, first, second, other];
        foreach (RawPeer peer in byIndex) peer.Send(0x10);
        using Control server = await serving;
        Assert.Equal([(0, 2), (2, 1), (3, 1), (4, 1), (5, 1)], server.World.Processes.Select(one => (one.FirstRank, one.RankCount)));
        Assert.Equal(Enumerable.Range(0, 5), server.World.Processes.Select(one => one.Index));

        // Whoever came first: what is gathered is in the order of the places.
        for (byte i = 0; i < byIndex.Length; i++) byIndex[i].SendMessage(0x14, [i]);
        Assert.Equal([[9], [0], [1], [2], [3]], server.Gather([9], "gather")!);

        // To a user the client and its members are one.
        Assert.Equal(
            [(1, 2, 2, 3), (2, 2, 5, 1)],
            observer.Joins.Select(join => (join.Joined, join.Expected, join.Client!.FirstRank, join.Client.RankCount)));
    }

    [Theory]
    [InlineData(1, 1, "wrong")]
    [InlineData(1, 1, "")]
    [InlineData(1, 0, null)]
    [InlineData(1, 2, null)]
    [InlineData(1, -1, null)]
    [InlineData(0, 1, null)]
    [InlineData(2, 1, null)]
    [InlineData(-1, 1, null)]
    public async Task A_place_that_is_not_its_own_is_refused_and_the_run_goes_on(int memberOf, int member, string? secret)
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1);
        int port = (await observer.ListeningAt).Port;
        using RawPeer head = Join(port, RawPeer.Hello(ThisProcess.Version, ranks: 2, more: ",\"processes\":2"), out JsonElement welcome);
        string right = welcome.GetProperty("secret").GetString()!;

        AssertRefused(port, RawPeer.MemberHello(ThisProcess.Version, memberOf, member, secret ?? right));
        Assert.Contains("not its own", await observer.NextStranger(), StringComparison.Ordinal);
        await Complete(serving, port, head, right);
    }

    [Fact]
    public async Task A_stranger_of_another_version_that_asks_for_a_place_ends_nothing()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1);
        int port = (await observer.ListeningAt).Port;
        using RawPeer head = Join(port, RawPeer.Hello(ThisProcess.Version, ranks: 2, more: ",\"processes\":2"), out JsonElement welcome);
        AssertRefused(port, RawPeer.MemberHello("9.8.7", 1, 1, "guessed"));
        await Complete(serving, port, head, welcome.GetProperty("secret").GetString()!);
    }

    [Fact]
    public async Task A_place_is_given_once()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1);
        int port = (await observer.ListeningAt).Port;
        using RawPeer head = Join(port, RawPeer.Hello(ThisProcess.Version, ranks: 3, more: ",\"processes\":3"), out JsonElement welcome);
        string secret = welcome.GetProperty("secret").GetString()!;
        using RawPeer member = Join(port, RawPeer.MemberHello(ThisProcess.Version, 1, 1, secret), out _);
        AssertRefused(port, RawPeer.MemberHello(ThisProcess.Version, 1, 1, secret));

        using RawPeer last = Join(port, RawPeer.MemberHello(ThisProcess.Version, 1, 2, secret), out _);
        foreach (RawPeer peer in new[] { head, member, last }) peer.Send(0x10);
        using Control server = await serving;

        // Also when all is under way.
        AssertRefused(port, RawPeer.MemberHello(ThisProcess.Version, 1, 1, secret));
        Assert.False(signal.IsSet);
    }

    [Fact]
    public async Task Two_heads_have_secrets_of_their_own()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 2);
        int port = (await observer.ListeningAt).Port;
        using RawPeer one = Join(port, RawPeer.Hello(ThisProcess.Version, ranks: 2, more: ",\"processes\":2"), out JsonElement first);
        using RawPeer other = Join(port, RawPeer.Hello(ThisProcess.Version, ranks: 2, more: ",\"processes\":2"), out JsonElement second);
        AssertRefused(port, RawPeer.MemberHello(ThisProcess.Version, 1, 1, second.GetProperty("secret").GetString()!));
        AssertRefused(port, RawPeer.MemberHello(ThisProcess.Version, 3, 1, first.GetProperty("secret").GetString()!));
        signal.Set(new Failure(FailureKind.Interrupted, "done"));
        await Star.FailureOf(serving);
    }

    [Fact]
    public async Task Members_that_do_not_come_in_time_are_named_to_those_who_came()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1, joinSeconds: 1);
        int port = (await observer.ListeningAt).Port;
        using RawPeer head = Join(port, RawPeer.Hello(ThisProcess.Version, ranks: 4, more: ",\"processes\":4"), out JsonElement welcome);
        using RawPeer member = Join(
            port, RawPeer.MemberHello(ThisProcess.Version, 1, 2, welcome.GetProperty("secret").GetString()!), out _);

        Failure failure = await Star.FailureOf(serving);
        Assert.Equal(FailureKind.Timeout, failure.Kind);
        Assert.Equal("rank 2 on scripted, rank 4 on scripted did not join within 1 s", failure.Message);
        Assert.Equal((2, "scripted"), (failure.Rank, failure.Host));
        foreach (RawPeer peer in new[] { head, member })
            Assert.Contains("rank 2 on scripted, rank 4 on scripted did not join", peer.ReadMessage(0x22), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(3, 0)]
    [InlineData(1, 2)]
    [InlineData(2, -1)]
    public async Task Ranks_and_processes_that_do_not_fit_are_no_hello(int ranks, int processes)
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1);
        int port = (await observer.ListeningAt).Port;
        using (RawPeer peer = RawPeer.Connect(port))
        {
            peer.GreetAsClient();
            peer.SendMessage(0x01, RawPeer.Hello(ThisProcess.Version, ranks, more: $",\"processes\":{processes}"));
            peer.ExpectClosed();
        }

        Assert.Equal(
            $"greeted like nperf, then brought {ranks} ranks in {processes} processes", await observer.NextStranger());
        Assert.False(serving.IsCompleted);
        signal.Set(new Failure(FailureKind.Interrupted, "done"));
        await Star.FailureOf(serving);
    }

    [Fact]
    public async Task A_head_does_not_go_on_without_the_secret_for_its_members()
    {
        using AbortSignal signal = new();
        using Socket listener = RawPeer.Listen(out int port);
        Task<Control> joining = Star.OnThread(() => Meeting.Join(
            new() { Mode = Core.Options.Mode.Client, ServerHost = "127.0.0.1", Port = port, RanksPerProcess = 2, RanksIn = Core.Options.RanksIn.Processes },
            new(), new HashSet<string>(), signal, new RecordingObserver()));
        using RawPeer server = RawPeer.Accept(listener);
        server.GreetAsServer();
        using (var hello = JsonDocument.Parse(server.ReadMessage(0x01)))
        {
            Assert.Equal(2, hello.RootElement.GetProperty("ranks").GetInt32());
            Assert.Equal(2, hello.RootElement.GetProperty("processes").GetInt32());
            Assert.False(hello.RootElement.TryGetProperty("memberOf", out _));
        }

        server.SendMessage(0x02, ScriptedPeerTests.Welcome(ScriptedPeerTests.Options));
        Assert.Contains("sent a Welcome that makes no sense", (await Star.FailureOf(joining)).Message, StringComparison.Ordinal);
    }

    private static RawPeer Join(int port, string hello, out JsonElement welcome)
    {
        RawPeer peer = RawPeer.Connect(port);
        peer.GreetAsClient();
        peer.SendMessage(0x01, hello);
        using var document = JsonDocument.Parse(peer.ReadMessage(0x02));
        welcome = document.RootElement.Clone();
        return peer;
    }

    private static void AssertRefused(int port, string hello)
    {
        using RawPeer peer = RawPeer.Connect(port);
        peer.GreetAsClient();
        peer.SendMessage(0x01, hello);
        Assert.Contains("no place for this member process", peer.ReadMessage(0x22), StringComparison.Ordinal);
        peer.ExpectClosed();
    }

    private static void AssertPlace(JsonElement process, int index, int firstRank)
    {
        Assert.Equal(
            (index, firstRank, 1),
            (process.GetProperty("index").GetInt32(), process.GetProperty("firstRank").GetInt32(), process.GetProperty("rankCount").GetInt32()));
    }

    private static async Task Complete(Task<Control> serving, int port, RawPeer head, string secret)
    {
        using RawPeer member = Join(port, RawPeer.MemberHello(ThisProcess.Version, 1, 1, secret), out _);
        head.Send(0x10);
        member.Send(0x10);
        using Control server = await serving;
        Assert.Equal(3, server.World.Size);
        Assert.False(server.AbortSignal.IsSet);
    }
}
