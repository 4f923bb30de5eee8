using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

public sealed class StrangerTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "looks like HTTP")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u0000", "looks like TLS")]
    [InlineData("SSH-2.0-OpenSSH_9.7\r\n", "looks like SSH")]
    [InlineData("abcdefghijklmnopqrstuvwxyz234567abcd\0", "looks like iperf3")]
    [InlineData("*1\r\n$4\r\nPING\r\n", "sent bytes that are not nperf's: 2a310d0a24340d0a")]
    [InlineData("", "closed at once, like a port scan")]
    [InlineData("NPERF", "closed in its greeting")]
    public async Task A_stranger_is_named_and_takes_no_place(string sent, string guess)
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1);
        int port = (await observer.ListeningAt).Port;
        using (RawPeer stranger = RawPeer.Connect(port)) stranger.Send(sent);
        Assert.Equal(guess, await observer.NextStranger());
        await CompleteWithOneClient(serving, port);
    }

    [Fact]
    public async Task A_wrong_first_byte_closes_the_connection_without_an_answer()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1);
        int port = (await observer.ListeningAt).Port;
        using (RawPeer stranger = RawPeer.Connect(port))
        {
            stranger.Send(0x4e);
            stranger.Send(0x58);
            await observer.NextStranger();
            Assert.ThrowsAny<Exception>(() => stranger.Read(1));
        }

        await CompleteWithOneClient(serving, port);
    }

    [Fact]
    public async Task Peers_that_are_silent_or_slow_delay_nobody()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1);
        int port = (await observer.ListeningAt).Port;
        using RawPeer silent = RawPeer.Connect(port);
        using RawPeer slow = RawPeer.Connect(port);
        slow.Send(0x4e);
        using RawPeer greeted = RawPeer.Connect(port);
        greeted.GreetAsClient();
        await CompleteWithOneClient(serving, port);
        Assert.Empty(observer.Strangers);
    }

    [Fact]
    public async Task A_peer_that_says_nothing_is_closed_at_the_handshakes_deadline()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1, joinSeconds: 1);
        using RawPeer first = RawPeer.Connect((await observer.ListeningAt).Port);
        first.ExpectClosed();
        await Star.FailureOf(serving);
    }

    [Theory]
    [InlineData(new byte[] { 0x01, 0xff, 0xff, 0xff, 0xff }, "announced 4294967295 bytes of Hello")]
    [InlineData(new byte[] { 0x02, 0x01, 0x00, 0x01, 0x00 }, "announced 65537 bytes of Welcome, of which 65536 are the most")]
    [InlineData(new byte[] { 0x12, 0x00, 0x00, 0x00, 0x04 }, "announced 67108864 bytes of Broadcast, of which 65536 are the most")]
    [InlineData(new byte[] { 0xee }, "sent 0xee, which is no message type")]
    [InlineData(new byte[] { 0x10 }, "sent Barrier where Hello was expected")]
    [InlineData(new byte[] { 0x01, 0x02, 0x00, 0x00, 0x00, 0x7b, 0x7d }, "sent a Hello that cannot be read")]
    public async Task Nonsense_after_a_right_greeting_is_refused_before_anything_is_allocated(byte[] sent, string guess)
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1);
        int port = (await observer.ListeningAt).Port;
        using (RawPeer stranger = RawPeer.Connect(port))
        {
            stranger.GreetAsClient();
            stranger.Send(sent);
            stranger.ExpectClosed();
        }

        Assert.StartsWith($"greeted like nperf, then {guess}", await observer.NextStranger(), StringComparison.Ordinal);
        await CompleteWithOneClient(serving, port);
    }

    private static async Task CompleteWithOneClient(Task<Control> serving, int port)
    {
        using AbortSignal signal = new();
        Control[] controls = await Task.WhenAll(serving, Star.Join(new RecordingObserver(), signal, port));
        await Task.WhenAll(controls.Select(control => Star.OnThread(control.Leave)));
        foreach (Control control in controls) control.Dispose();
    }
}
