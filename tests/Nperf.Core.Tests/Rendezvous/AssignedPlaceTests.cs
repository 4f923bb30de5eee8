using System.Text.Json;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>Processes that were numbered before they started.</summary>
public sealed class AssignedPlaceTests
{
    [Fact]
    public async Task Each_has_the_ranks_of_its_number_in_whatever_order_they_come()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1, ranks: 2, place: new AssignedPlace(0, 4));
        int port = (await observer.ListeningAt).Port;
        Task<Control>[] processes = new Task<Control>[4];
        processes[0] = serving;
        foreach (int number in new[] { 3, 1, 2 })
        {
            processes[number] = Star.Join(
                new RecordingObserver(), signal, port, ranks: 2, place: new AssignedPlace(number, 4));
            await observer.NextJoin();
        }

        Control[] controls = await Task.WhenAll(processes);
        foreach (Control control in controls)
        {
            Assert.Equal(
                [(0, 0, 2), (1, 2, 2), (2, 4, 2), (3, 6, 2)],
                control.World.Processes.Select(process => (process.Index, process.FirstRank, process.RankCount)));
        }

        Assert.Equal([0, 1, 2, 3], controls.Select(control => control.Self.Index));
        Task<byte[][]?>[] gathered = [.. controls.Select(
            control => Star.OnThread(() => control.Gather([(byte)control.Self.Index], "gather")))];
        Assert.Equal([[0], [1], [2], [3]], (await gathered[0])!);
        await Task.WhenAll(controls.Select(control => Star.OnThread(control.Leave)));
        foreach (Control control in controls) control.Dispose();
    }

    [Fact]
    public async Task Members_have_the_places_behind_those_of_all_lower_numbers_and_their_members()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1, place: new AssignedPlace(0, 3));
        int port = (await observer.ListeningAt).Port;
        using RawPeer head = RawPeer.Connect(port);
        head.GreetAsClient();
        head.SendMessage(0x01, RawPeer.Hello(ThisProcess.Version, more: Assigned(2, 3)));
        using (var welcome = JsonDocument.Parse(head.ReadMessage(0x02)))
        {
            JsonElement self = welcome.RootElement.GetProperty("self");
            Assert.Equal((2, 2), (self.GetProperty("index").GetInt32(), self.GetProperty("firstRank").GetInt32()));
        }

        signal.Set(new Failure(FailureKind.Interrupted, "done"));
        await Star.FailureOf(serving);

        Roster roster = new();
        roster.Add(4, 4);
        Head last = roster.AddAt(2, 4, 4);
        Head first = roster.AddAt(1, 4, 4);
        Assert.Equal((8, 8), (last.Index, last.FirstRank));
        Assert.Equal((4, 4), (first.Index, first.FirstRank));
        Assert.Equal([first, last], roster.Clients);
        Assert.Equal([3], roster.MissingOf(4));
    }

    [Theory]
    [InlineData("1 of 4", null, 1, "world sizes differ: server has 3, client {0} was given 4")]
    [InlineData("7 of 3", null, 1, "client {0} was started as rank 7 of 3; ranks go from 0 to 2")]
    [InlineData("-1 of 3", null, 1, "client {0} was started as rank -1 of 3; ranks go from 0 to 2")]
    [InlineData("0 of 3", null, 1, "rank 0 was given twice: to the server, {1}, and to client {0}")]
    [InlineData("1 of 3", null, 2, "client {0} brings 2 ranks, the server 1: where processes are numbered")]
    [InlineData(null, null, 1, "client {0} was started without a rank, and the server as rank 0 of 3: start all processes in one mode")]
    [InlineData("1 of 3", "arrival", 1, "client {0} was started as rank 1 of 3, and this server numbers its clients as they come")]
    public async Task A_place_that_cannot_be_had_ends_the_run_by_name_on_both_sides(
        string? place, string? server, int ranks, string expected)
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(
            observer, signal, clients: 2, place: server is null ? new AssignedPlace(0, 3) : null);
        using RawPeer client = RawPeer.Connect((await observer.ListeningAt).Port);
        client.GreetAsClient();
        string[] numbers = place?.Split(" of ") ?? [];
        string assigned = place is null ? "" : $$""","assigned":{"rank":{{numbers[0]}},"worldSize":{{numbers[1]}}}""";
        client.SendMessage(0x01, RawPeer.Hello(ThisProcess.Version, ranks, more: assigned));

        using var abort = JsonDocument.Parse(client.ReadMessage(0x22));
        Failure failure = await Star.FailureOf(serving);
        Assert.Equal(FailureKind.Error, failure.Kind);
        Assert.StartsWith(
            string.Format(null, expected, "scripted (127.0.0.1)", ThisProcess.Host), failure.Message, StringComparison.Ordinal);
        Assert.Equal(failure.Message, abort.RootElement.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Ranks_in_threads_here_and_in_processes_there_cannot_be_numbered()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1, ranks: 2, place: new AssignedPlace(0, 2));
        using RawPeer client = RawPeer.Connect((await observer.ListeningAt).Port);
        client.GreetAsClient();
        client.SendMessage(0x01, RawPeer.Hello(ThisProcess.Version, 2, more: ",\"processes\":2" + Assigned(1, 2)));
        Assert.Contains(
            "brings its 2 ranks in 2 processes, the server in 1 process", client.ReadMessage(0x22), StringComparison.Ordinal);
        await Star.FailureOf(serving);
    }

    [Fact]
    public async Task A_rank_given_twice_is_named_with_both_hosts_to_all()
    {
        using AbortSignal server = new();
        using AbortSignal client = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, server, clients: 1, place: new AssignedPlace(0, 3));
        int port = (await observer.ListeningAt).Port;
        Task<Control> joining = Star.Join(new RecordingObserver(), client, port, place: new AssignedPlace(1, 3));
        await observer.NextJoin();
        using RawPeer second = RawPeer.Connect(port);
        second.GreetAsClient();
        second.SendMessage(0x01, RawPeer.Hello(ThisProcess.Version, more: Assigned(1, 3)));

        string expected = $"rank 1 was given twice: to {ThisProcess.Host} (127.0.0.1), process {Environment.ProcessId}, "
            + "and to scripted (127.0.0.1)";
        Assert.Equal(expected, (await Star.FailureOf(serving)).Message);
        Assert.Equal(expected, (await Star.FailureOf(joining)).Message);
        Assert.Contains(expected, second.ReadMessage(0x22), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rank_given_twice_that_comes_when_all_are_there_is_refused_by_name_and_ends_nothing()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1, place: new AssignedPlace(0, 2));
        int port = (await observer.ListeningAt).Port;
        Control[] controls = await Task.WhenAll(
            serving, Star.Join(new RecordingObserver(), signal, port, place: new AssignedPlace(1, 2)));
        using RawPeer late = RawPeer.Connect(port);
        late.GreetAsClient();
        late.SendMessage(0x01, RawPeer.Hello(ThisProcess.Version, more: Assigned(1, 2)));
        Assert.Contains("rank 1 was given twice", late.ReadMessage(0x22), StringComparison.Ordinal);

        await Task.WhenAll(controls.Select(control => Star.OnThread(control.Leave)));
        Assert.False(signal.IsSet);
        foreach (Control control in controls) control.Dispose();
    }

    [Fact]
    public async Task A_world_that_does_not_fill_names_who_is_missing_and_who_came()
    {
        using AbortSignal server = new();
        using AbortSignal client = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, server, clients: 1, joinSeconds: 1.5, place: new AssignedPlace(0, 5));
        Task<Control> joining = Star.Join(
            new RecordingObserver(), client, (await observer.ListeningAt).Port, place: new AssignedPlace(2, 5));
        Failure failure = await Star.FailureOf(serving);
        Assert.Equal(FailureKind.Timeout, failure.Kind);
        string host = ThisProcess.Host;
        Assert.Equal(
            $"2 of 5 joined within 1.5 s, missing ranks 1, 3-4: rank 0 is {host}, rank 2 is {host} (127.0.0.1)", failure.Message);
        // A busy machine may bring it the server's word too late.
        Assert.Equal(FailureKind.Timeout, (await Star.FailureOf(joining)).Kind);
    }

    [Fact]
    public async Task A_port_in_use_may_be_a_second_rank_0()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1, place: new AssignedPlace(0, 2));
        int port = (await observer.ListeningAt).Port;
        using AbortSignal second = new();
        Failure failure = await Star.FailureOf(
            Star.Serve(new RecordingObserver(), second, clients: 1, port: port, place: new AssignedPlace(0, 2)));
        Assert.StartsWith(
            $"port {port} is in use on [::]: is another process here rank 0 of 2 as well? else choose another with -p",
            failure.Message,
            StringComparison.Ordinal);
        signal.Set(new Failure(FailureKind.Interrupted, "done"));
        await Star.FailureOf(serving);
    }

    [Fact]
    public async Task A_client_does_not_go_on_in_a_place_that_is_not_its_own()
    {
        using AbortSignal signal = new();
        using var listener = RawPeer.Listen(out int port);
        Task<Control> joining = Star.Join(new RecordingObserver(), signal, port, place: new AssignedPlace(2, 3));
        using RawPeer server = RawPeer.Accept(listener);
        server.GreetAsServer();
        using (var hello = JsonDocument.Parse(server.ReadMessage(0x01)))
        {
            JsonElement assigned = hello.RootElement.GetProperty("assigned");
            Assert.Equal((2, 3), (assigned.GetProperty("rank").GetInt32(), assigned.GetProperty("worldSize").GetInt32()));
        }

        server.SendMessage(0x02, ScriptedPeerTests.Welcome(ScriptedPeerTests.Options));
        Assert.Contains("sent a Welcome that makes no sense", (await Star.FailureOf(joining)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_finds_no_server_asks_for_rank_0()
    {
        using AbortSignal signal = new();
        Failure failure = await Star.FailureOf(Star.Join(
            new RecordingObserver(), signal, port: 1, joinSeconds: 0.3, place: new AssignedPlace(1, 2)));
        Assert.Contains("is it running (rank 0), and", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("0", "0")]
    [InlineData("1 2", "1-2")]
    [InlineData("1 3 4 5 9", "1, 3-5, 9")]
    public void Numbers_that_follow_each_other_are_said_as_a_range(string numbers, string expected) => Assert.Equal(
        expected,
        PlaceRefusals.Ranges([.. numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]));

    private static string Assigned(int rank, int worldSize) => $$""","assigned":{"rank":{{rank}},"worldSize":{{worldSize}}}""";
}
