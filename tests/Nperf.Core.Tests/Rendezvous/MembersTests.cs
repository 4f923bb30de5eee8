using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>What becomes of member processes that are no good: small scripts in their place.</summary>
public sealed class MembersTests
{
    [Fact]
    public async Task A_member_that_ends_before_it_joined_is_named_with_its_last_line()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Failure failure = await Star.FailureOf(ServeLocally(
            observer, signal, ranks: 2, "echo a library speaks; echo no GPU here >&2; exit 3"));
        Assert.Equal(FailureKind.PeerLost, failure.Kind);
        Assert.Matches(
            $@"^rank 1 on {ThisProcess.Host} \(process \d+\) ended before it joined: exit code 3, (no GPU here|a library speaks)$", failure.Message);
        Assert.Equal((1, ThisProcess.Host), (failure.Rank, failure.Host));
        Assert.Equal([(1, "a library speaks"), (1, "no GPU here")], observer.Said.Order());
    }

    [Fact]
    public async Task Why_a_member_gave_up_is_said_once()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Failure failure = await Star.FailureOf(ServeLocally(observer, signal, ranks: 2, "echo nperf: error: no way >&2; exit 1"));
        Assert.Matches(@"^rank 1 on .* \(process \d+\) ended before it joined: no way$", failure.Message);
        Assert.Empty(observer.Said);
    }

    [Fact]
    public async Task A_member_ended_by_a_signal_is_named_with_it()
    {
        using AbortSignal signal = new();
        Failure failure = await Star.FailureOf(ServeLocally(new RecordingObserver(), signal, ranks: 2, "kill -9 $$"));
        Assert.EndsWith("ended before it joined: signal 9", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_said_at_once()
    {
        using AbortSignal signal = new();
        using ServerRendezvous server = new(
            new RunOptions(), Local(ranks: 3), signal, new RecordingObserver())
        { Program = () => new MemberProgram("/no/such/program", []) };
        Failure failure = await Star.FailureOf(Star.OnThread(server.Run));
        Assert.StartsWith($"cannot start the process of rank 1 on {ThisProcess.Host}: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_that_hang_are_named_when_the_wait_is_over_and_ended()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Failure failure = await Star.FailureOf(ServeLocally(
            observer, signal, ranks: 3, "echo $$; kill -STOP $$", joinSeconds: 1));
        Assert.Equal(FailureKind.Timeout, failure.Kind);
        Assert.Equal(
            $"rank 1 on {ThisProcess.Host}, rank 2 on {ThisProcess.Host} did not join within 1 s", failure.Message);
        Assert.Equal(2, observer.Said.Count);
        Assert.All(observer.Said, said => Assert.False(Directory.Exists($"/proc/{said.Line}"), said.Line));
    }

    [Fact]
    public async Task An_interruption_ends_members_that_have_not_joined()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = ServeLocally(observer, signal, ranks: 2, "echo $$; kill -STOP $$");
        Assert.True(SpinWait.SpinUntil(() => !observer.Said.IsEmpty, Star.Patience));
        signal.Set(new Failure(FailureKind.Interrupted, "Ctrl-C"));
        Assert.Equal("Ctrl-C", (await Star.FailureOf(serving)).Message);
        Assert.False(Directory.Exists($"/proc/{observer.Said.Single().Line}"));
    }

    [Fact]
    public async Task Each_member_is_told_its_place_and_nobody_else_is()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        using Socket listener = RawPeer.Listen(out int port);
        ProcessOptions process = new()
        {
            Mode = Mode.Client,
            ServerHost = "localhost",
            Port = port,
            RanksPerProcess = 3,
            RanksIn = RanksIn.Processes,
        };
        ClientRendezvous client = new(process, new RunOptions(), new HashSet<string>(), signal, observer)
        {
            Program = () => Shell("read place; echo \"$NPERF_MEMBER $place\"; kill -STOP $$"),
        };
        Task<Control> joining = Star.OnThread(client.Run);
        using RawPeer server = RawPeer.Accept(listener);
        server.GreetAsServer();
        server.ReadMessage(0x01);
        server.SendMessage(0x02, ScriptedPeerTests.Welcome(ScriptedPeerTests.Options).Replace(
            "\"joined\"", "\"secret\":\"abc\",\"joined\"", StringComparison.Ordinal));
        Assert.True(SpinWait.SpinUntil(() => observer.Said.Count == 2, Star.Patience));
        foreach ((int rank, string line) in observer.Said)
        {
            string[] parts = line.Split(' ', 2);
            Assert.Equal($"of:{Environment.ProcessId}", parts[0]);
            MemberPlace place = MemberPlace.FromLine(parts[1])!;
            Assert.Equal(("127.0.0.1", port, 1, rank - 2, "abc"), (place.Host, place.Port, place.MemberOf, place.Member, place.Secret));
        }

        Assert.Equal([3, 4], observer.Said.Select(said => said.Rank).Order());
        signal.Set(new Failure(FailureKind.Interrupted, "done"));
        await Star.FailureOf(joining);
    }

    [Fact]
    public void A_member_has_one_rank_and_knows_its_number()
    {
        MemberPlace place = new() { Host = "10.0.0.1", Port = 99, MemberOf = 4, Member = 2, Secret = "s" };
        ProcessOptions options = place.Apply(new()
        {
            Mode = Mode.Server,
            RanksPerProcess = 4,
            RanksIn = RanksIn.Processes,
            Interfaces = ["eth1"],
        });
        Assert.Equal((Mode.Client, "10.0.0.1", 99), (options.Mode, options.ServerHost, options.Port));
        Assert.Equal((1, 1, 1, 2), (options.RanksPerProcess, options.Processes, options.OwnRanks, options.MemberIndex));
        Assert.Equal(["eth1"], options.Interfaces);
    }

    [Theory]
    [InlineData(nameof(RanksIn.Auto), 4, 1, 4)]
    [InlineData(nameof(RanksIn.Threads), 4, 1, 4)]
    [InlineData(nameof(RanksIn.Processes), 4, 4, 1)]
    [InlineData(nameof(RanksIn.Processes), 1, 1, 1)]
    public void Ranks_are_threads_unless_processes_were_chosen(string name, int ranks, int processes, int own)
    {
        RanksIn kind = Enum.Parse<RanksIn>(name);
        ProcessOptions options = new() { RanksPerProcess = ranks, RanksIn = kind };
        Assert.Equal((processes, own, 0), (options.Processes, options.OwnRanks, options.MemberIndex));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"host":"h","port":0,"memberOf":0,"member":1,"secret":"s"}""")]
    [InlineData("""{"host":"h","port":1,"memberOf":0,"member":0,"secret":"s"}""")]
    [InlineData("""{"host":"h","port":1,"memberOf":0,"member":1,"secret":null}""")]
    public void What_is_no_place_is_none(string line) => Assert.Null(MemberPlace.FromLine(line));

    [Fact]
    public async Task A_local_run_takes_no_clients_and_no_client_ends_it()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = ServeLocally(observer, signal, ranks: 2, "read place; echo \"$$ $place\"; kill -STOP $$");
        Assert.True(SpinWait.SpinUntil(() => !observer.Said.IsEmpty, Star.Patience));
        string[] said = observer.Said.Single().Line.Split(' ', 2);
        MemberPlace place = MemberPlace.FromLine(said[1])!;
        foreach (string version in new[] { ThisProcess.Version, "9.8.7" })
        {
            using RawPeer client = RawPeer.Connect(place.Port);
            client.GreetAsClient();
            client.SendMessage(0x01, RawPeer.Hello(version));
            Assert.Contains("takes no clients", client.ReadMessage(0x22), StringComparison.Ordinal);
        }

        using RawPeer member = RawPeer.Connect(place.Port);
        member.GreetAsClient();
        member.SendMessage(0x01, RawPeer.MemberHello(ThisProcess.Version, place.MemberOf, place.Member, place.Secret));
        using (var welcome = JsonDocument.Parse(member.ReadMessage(0x02)))
            Assert.Equal("local", welcome.RootElement.GetProperty("self").GetProperty("address").GetString());
        member.Send(0x10);
        using Control control = await serving;
        Assert.Equal((2, 2), (control.World.Size, control.World.Processes.Count));
        Assert.Null(control.LocalAddress);
        Assert.Empty(observer.Strangers);
        Assert.Empty(observer.Joins);
        Assert.False(observer.IsListening);

        // The stopped script, whose place another took, would be waited for.
        Process.GetProcessById(int.Parse(said[0], CultureInfo.InvariantCulture)).Kill();
    }

    private static ProcessOptions Local(int ranks, double joinSeconds = 30) =>
        new() { RanksPerProcess = ranks, RanksIn = RanksIn.Processes, JoinTimeoutSeconds = joinSeconds };

    private static MemberProgram Shell(string script) => new("/bin/sh", ["-c", script]);

    private static async Task<Control> ServeLocally(
        RecordingObserver observer, AbortSignal signal, int ranks, string script, double joinSeconds = 30)
    {
        using ServerRendezvous server = new(new RunOptions(), Local(ranks, joinSeconds), signal, observer)
        {
            Program = () => Shell(script),
        };
        return await Star.OnThread(server.Run);
    }
}
