using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>A run with a token: who has it is let in, nobody else.</summary>
public sealed class TokenTests
{
    internal const string Text = "a token for tests";

    [Fact]
    public async Task Who_has_the_token_takes_part_in_everything()
    {
        await using Star star = await StarWithToken();
        byte[] large = new byte[1 << 20];
        Random.Shared.NextBytes(large);
        for (int root = 0; root < 3; root++)
            Assert.All(await star.OnAll(control => control.Broadcast(root, large, "large")), got => Assert.Equal(large, got));
        await star.OnAll(control => control.Barrier("meet"));
        double[][] sums = await star.OnAll(control => control.AllReduce([1, 2], ControlReduction.Sum, "sum"));
        Assert.All(sums, sum => Assert.Equal([3, 6], sum));
        byte[][]?[] gathered = await star.OnAll(control => control.Gather([(byte)control.Self.Index], "gather"));
        Assert.Equal([[0], [1], [2]], gathered[0]!);
        await star.OnAll(control => control.Leave());
    }

    [Fact]
    public async Task Data_connections_have_a_secret_that_the_runs_id_does_not_tell()
    {
        await using Star star = await StarWithToken();
        byte[] secret = star.Controls[0].DataSecret.ToArray();
        Assert.All(star.Controls, control => Assert.Equal(secret, control.DataSecret.ToArray()));
        Assert.NotEqual(star.Controls[0].RunId.ToArray(), secret);
    }

    /// <summary>docs/protocol.md by hand, with the platform's HMAC.</summary>
    [Fact]
    public async Task A_scripted_client_with_the_token_runs_the_whole_sequence()
    {
        await using Serving run = await Serving.Start(clients: 1);
        using RawPeer client = RawPeer.Connect(run.Port);
        byte[] digest = client.ProveAsClient(Text);
        client.SendSealed(0x01, Encoding.UTF8.GetBytes(RawPeer.Hello(ThisProcess.Version)));
        string options;
        using (var welcome = JsonDocument.Parse(client.ReadSealed(0x02)))
            options = welcome.RootElement.GetProperty("options").GetRawText();
        client.ReadSealed(0x04);
        byte[] id = client.ReadSealed(0x05);
        Assert.Equal(SHA256.HashData([.. id, .. Encoding.UTF8.GetBytes(options)]), digest);
        client.SendSealed(0x10, null);
        client.ReadSealed(0x11, hasPayload: false);
        Control server = await run.Control;
        client.SendSealed(0x14, [9, 8]);
        Assert.Equal([[1], [9, 8]], server.Gather([1], "gather")!);
        client.SendSealed(0x21, null);
        server.Leave();
        client.ReadSealed(0x21, hasPayload: false);
    }

    [Fact]
    public async Task Who_has_another_token_or_none_is_told_so_and_ends_nothing()
    {
        await using Serving run = await Serving.Start(clients: 1);
        Failure other = await run.FailureOfJoin(TokenOf("quite another token"));
        Assert.Equal(FailureKind.Error, other.Kind);
        Assert.Contains("does not accept this client's token: give both the same one (--token-file, NPERF_TOKEN)", other.Message, StringComparison.Ordinal);
        Assert.Equal("has another token than this server", await run.Observer.NextStranger());

        Failure none = await run.FailureOfJoin(token: null);
        Assert.Equal(FailureKind.Error, none.Kind);
        Assert.Contains("asks for a token, and this client has none: give it the server's", none.Message, StringComparison.Ordinal);
        Assert.Equal("has no token, and this server has one", await run.Observer.NextStranger());
        await run.Complete();
    }

    [Fact]
    public async Task A_client_with_a_token_and_a_server_without_are_both_told()
    {
        await using Serving run = await Serving.Start(clients: 1, token: null);
        Failure client = await run.FailureOfJoin(TokenOf(Text));
        Assert.Contains("has no token, and this client has one", client.Message, StringComparison.Ordinal);
        Failure server = await Star.FailureOf(run.Control);
        Assert.Contains("client 127.0.0.1 has a token, and this server has none", server.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_came_in_vain_is_in_the_servers_word_when_too_few_came()
    {
        await using Serving run = await Serving.Start(clients: 1, joinSeconds: 3);
        await run.FailureOfJoin(token: null);
        Failure failure = await Star.FailureOf(run.Control);
        Assert.Equal(FailureKind.Timeout, failure.Kind);
        Assert.Equal(
            "0 of 1 clients joined within 3 s (--timeout); 1 connection came without this run's token, the last from 127.0.0.1", failure.Message);
    }

    [Fact]
    public async Task A_recorded_handshake_opens_nothing_a_second_time()
    {
        await using Serving run = await Serving.Start(clients: 2);
        using Relay relay = new(run.Port);
        using AbortSignal signal = new();
        Task<Control> joining = Star.Join(new RecordingObserver(), signal, relay.Port, token: TokenOf(Text));
        await run.Observer.NextJoin();

        using (RawPeer again = RawPeer.Connect(run.Port))
        {
            again.Send(relay.Recorded[..72]);
            Assert.Equal([.. "NPERF<"u8, 0x01, 0x01], again.Read(8));
            again.Read(64);
            Assert.ThrowsAny<Exception>(() => again.Read(1));
        }

        Assert.Equal("has another token than this server", await run.Observer.NextStranger());
        using AbortSignal second = new();
        Control[] clients = await Task.WhenAll(
            joining, Star.Join(new RecordingObserver(), second, run.Port, token: TokenOf(Text)));
        foreach (Control client in clients) client.Dispose();
    }

    [Fact]
    public async Task Nothing_of_the_run_is_told_to_who_has_not_proved_the_token()
    {
        await using Serving run = await Serving.Start(clients: 1);
        foreach (byte[] sent in new byte[][]
        {
            [.. "NPERF>"u8, 0x07, 0x00],
            [.. "NPERF>"u8, 0x01, 0x00],
            [.. "NPERF>"u8, 0x01, 0x01, .. new byte[64]],
            [.. "NPERF>"u8, 0x01, 0x01, .. RandomNumberGenerator.GetBytes(64)],
        })
        {
            using RawPeer stranger = RawPeer.Connect(run.Port);
            stranger.Send(sent);
            Assert.Equal([.. "NPERF<"u8, 0x01, 0x01], stranger.Read(8));
            if (sent.Length > 8) stranger.Read(64);
            Assert.ThrowsAny<Exception>(() => stranger.Read(1));
        }

        await run.Complete();
    }

    [Fact]
    public async Task A_server_that_does_not_prove_the_token_hears_nothing_of_its_client()
    {
        using AbortSignal signal = new();
        using Socket listener = RawPeer.Listen(out int port);
        Task<Control> joining = Star.Join(new RecordingObserver(), signal, port, token: TokenOf(Text));
        using RawPeer server = RawPeer.Accept(listener);
        Assert.Equal([.. "NPERF>"u8, 0x01, 0x01], server.Read(8));
        server.Send([.. "NPERF<"u8, 0x01, 0x01, .. new byte[64]]);
        byte[] proof = server.Read(64);

        // The client's own proof, sent back to it, is no proof of the server's.
        server.Send(proof[32..]);
        Failure failure = await Star.FailureOf(joining);
        Assert.Contains("did not prove that it has this client's token", failure.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => server.Read(1));
    }

    public static TheoryData<string> Changes { get; } = new("flip a bit", "send twice", "insert a barrier");

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_a_man_in_the_middle_sends_to_the_server_ends_the_run(string change)
    {
        await using Serving run = await Serving.Start(clients: 1);
        using Relay relay = new(run.Port);
        using AbortSignal signal = new();
        using Control client = await run.Complete(Star.Join(new RecordingObserver(), signal, relay.Port, token: TokenOf(Text)));
        relay.ToServer = bytes => Changed(bytes, change);
        client.Gather([1, 2, 3], "gather");
        AssertSealBroken(run.Server);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_a_man_in_the_middle_sends_to_a_client_ends_the_run(string change)
    {
        await using Serving run = await Serving.Start(clients: 1);
        using Relay relay = new(run.Port);
        using AbortSignal signal = new();
        using Control client = await run.Complete(Star.Join(new RecordingObserver(), signal, relay.Port, token: TokenOf(Text)));
        relay.ToClient = bytes => Changed(bytes, change);
        run.Server.Broadcast(0, [1, 2, 3], "broadcast");
        AssertSealBroken(client);
    }

    [Fact]
    public async Task Options_that_a_man_in_the_middle_changes_are_not_run()
    {
        await using Serving run = await Serving.Start(clients: 1);
        using Relay relay = new(run.Port);
        const string Right = "\"iterations\":20", Wrong = "\"iterations\":21";
        List<byte> held = [];
        int passed = 0;
        relay.ToClient = bytes =>
        {
            // Behind greeting, challenge and answer the Welcome is held back until the options are there.
            held.AddRange(bytes);
            string text = Encoding.Latin1.GetString([.. held]);
            if (passed + held.Count > 104 && !text.Contains(Right, StringComparison.Ordinal)) return [];
            passed += held.Count;
            held.Clear();
            return Encoding.Latin1.GetBytes(text.Replace(Right, Wrong, StringComparison.Ordinal));
        };
        using AbortSignal signal = new();
        Failure failure = await Star.FailureOf(Star.Join(new RecordingObserver(), signal, relay.Port, token: TokenOf(Text)));
        Assert.Contains("sent a Welcome with a wrong seal", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strangers_during_a_run_change_nothing_and_learn_nothing()
    {
        await using Serving run = await Serving.Start(clients: 1);
        using AbortSignal signal = new();
        using Control client = await run.Complete(Star.Join(new RecordingObserver(), signal, run.Port, token: TokenOf(Text)));
        List<RawPeer> strangers = [];
        try
        {
            for (int i = 0; i < 30; i++)
            {
                strangers.Add(RawPeer.Connect(run.Port));
                if (i % 3 == 1) strangers[^1].Send("GET / HTTP/1.1\r\n\r\n");
                if (i % 3 == 2) strangers[^1].Send([.. "NPERF>"u8, 0x01, 0x01, .. new byte[64]]);
                Task barrier = Star.OnThread(() => client.Barrier("meet"));
                run.Server.Barrier("meet");
                await barrier;
            }

            Assert.Equal([.. "NPERF<"u8, 0x01, 0x01], strangers[2].Read(8));
            strangers[2].Read(64);
            Assert.ThrowsAny<Exception>(() => strangers[2].Read(1));
        }
        finally
        {
            strangers.ForEach(stranger => stranger.Dispose());
        }

        Assert.False(signal.IsSet);
    }

    [Fact]
    public void A_members_place_carries_the_token_and_its_options_have_it()
    {
        MemberPlace place = Members.Places("127.0.0.1", 5201, head: 0, members: 1, "secret", TokenOf(Text)).Single();
        MemberPlace read = MemberPlace.FromLine(Encoding.UTF8.GetString(place.ToLine()))!;
        Assert.Equal(Text, read.Apply(new ProcessOptions()).Token!.Reveal());
        Assert.Null(MemberPlace.FromLine(Encoding.UTF8.GetString((place with { TokenText = "short" }).ToLine())));
        Assert.Null((place with { TokenText = null }).Apply(new ProcessOptions()).Token);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \n\t", "is empty")]
    [InlineData("fifteen letters", "is too short for a token: 15 of at least 16 characters")]
    [InlineData("two lines of a token\nare one too many", "has more than one line of printable ASCII characters")]
    [InlineData("a token with an \u00e4 in it", "has more than one line of printable ASCII characters")]
    public void What_is_no_token_is_refused_without_being_repeated(string text, string mistake)
    {
        Assert.Equal(mistake, Token.Read(text, out Token? token));
        Assert.Null(token);
    }

    [Fact]
    public void A_token_is_from_16_to_1024_characters_without_the_white_space_around_it()
    {
        foreach (int length in new[] { 16, 1024 })
        {
            Assert.Null(Token.Read($" {new string('x', length)}\r\n", out Token? token));
            Assert.Equal(new string('x', length), token!.Reveal());
            Assert.DoesNotContain("xxx", token.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal("is too long for a token; at most 1024 characters", Token.Read(new string('x', 1025), out _));
    }

    internal static Token TokenOf(string text)
    {
        Assert.Null(Token.Read(text, out Token? token));
        return token!;
    }

    private static void AssertSealBroken(Control control)
    {
        Assert.True(control.AbortSignal.Token.WaitHandle.WaitOne(Star.Patience), "the run goes on");
        Failure failure = control.AbortSignal.Failure!;
        Assert.Equal(FailureKind.Error, failure.Kind);
        Assert.Contains("with a wrong seal: somebody changes what is sent on the way", failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Changed(byte[] bytes, string change)
    {
        switch (change)
        {
            case "send twice":
                return [.. bytes, .. bytes];
            case "insert a barrier":
                return [0x10, .. new byte[32], .. bytes];
            default:
                byte[] changed = [.. bytes];
                changed[^1] ^= 1;
                return changed;
        }
    }

    private static async Task<Star> StarWithToken() => await Star.Of(new RunOptions(), TokenOf(Text), 1, 1, 1);

    /// <summary>A server with a token that waits for clients.</summary>
    private sealed class Serving : IAsyncDisposable
    {
        private readonly AbortSignal _signal = new();

        public RecordingObserver Observer { get; } = new();

        public Task<Control> Control { get; private set; } = null!;

        public int Port { get; private set; }

        /// <summary>Once it has all its clients.</summary>
        public Control Server => Control.Result;

        public static Task<Serving> Start(int clients, double joinSeconds = 60) => Start(clients, TokenOf(Text), joinSeconds);

        public static async Task<Serving> Start(int clients, Token? token, double joinSeconds = 60)
        {
            Serving run = new();
            run.Control = Star.Serve(run.Observer, run._signal, clients, joinSeconds: joinSeconds, token: token);
            run.Port = (await run.Observer.ListeningAt).Port;
            return run;
        }

        public async Task<Failure> FailureOfJoin(Token? token)
        {
            using AbortSignal signal = new();
            return await Star.FailureOf(Star.Join(new RecordingObserver(), signal, Port, token: token));
        }

        /// <summary>Joins one good client, meets and leaves.</summary>
        public async Task Complete()
        {
            using AbortSignal signal = new();
            using Control client = await Complete(Star.Join(new RecordingObserver(), signal, Port, token: TokenOf(Text)));
            Task leaving = Star.OnThread(client.Leave);
            Server.Leave();
            await leaving;
        }

        /// <summary>Waits for the world; returns the client.</summary>
        public async Task<Control> Complete(Task<Control> joining)
        {
            await Task.WhenAll(Control, joining);
            return await joining;
        }

        public async ValueTask DisposeAsync()
        {
            _signal.Set(new Failure(FailureKind.Interrupted, "the test is over"));
            try
            {
                (await Control).Dispose();
            }
            catch (RunException)
            {
                // Given up, as a test wanted it or just now.
            }

            _signal.Dispose();
        }
    }
}
