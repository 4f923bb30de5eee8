using System.Diagnostics;
using System.Net.Sockets;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

public sealed class DialerTests
{
    [Fact]
    public async Task An_unknown_host_is_named()
    {
        using AbortSignal signal = new();

        // At once where a name server answers; without one the name might yet be found, and is tried on.
        Failure failure = await Star.FailureOf(
            Star.Join(new RecordingObserver(), signal, port: 5201, joinSeconds: 2, host: "no-such-host.invalid"));
        Assert.Contains("no-such-host.invalid", failure.Message, StringComparison.Ordinal);
        Assert.True(
            failure.Message.StartsWith("unknown host", StringComparison.Ordinal)
            || failure.Message.Contains("the name server did not answer", StringComparison.Ordinal),
            failure.Message);
    }

    [Fact]
    public async Task Every_address_that_refused_is_in_the_error()
    {
        using AbortSignal signal = new();
        int port = RendezvousTests.FreePort();
        Failure failure = await Star.FailureOf(
            Star.Join(new RecordingObserver(), signal, port, joinSeconds: 0.4, host: "localhost"));
        Assert.Equal(FailureKind.Timeout, failure.Kind);
        Assert.StartsWith($"no server at localhost port {port} within 0.4 s: ", failure.Message, StringComparison.Ordinal);
        foreach (var address in await System.Net.Dns.GetHostAddressesAsync("localhost", TestContext.Current.CancellationToken))
        {
            Assert.Contains($"{address}: ", failure.Message, StringComparison.Ordinal);
        }

        Assert.Contains($"is it running (nperf -s -p {port})", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_waited_for_until_the_deadline()
    {
        using AbortSignal signal = new();
        using Socket listener = RawPeer.Listen(out int port);
        long start = Stopwatch.GetTimestamp();
        Failure failure = await Star.FailureOf(Star.Join(new RecordingObserver(), signal, port, joinSeconds: 2));
        Assert.Equal(FailureKind.Timeout, failure.Kind);
        Assert.EndsWith(
            $"127.0.0.1: connected, but it said nothing: is port {port} nperf's, or another program's?", failure.Message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 1.9, 25);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.7\r\n", "it looks like SSH")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "it looks like HTTP")]
    [InlineData("NPERF>\u0001\u0000", "it sent bytes that are not nperf's: 4e504552463e")]
    public async Task Another_programs_port_is_named_at_once(string answer, string guess)
    {
        using AbortSignal signal = new();
        using Socket listener = RawPeer.Listen(out int port);
        Task<Control> joining = Star.Join(new RecordingObserver(), signal, port);
        using RawPeer server = RawPeer.Accept(listener);
        server.Send(answer);
        Failure failure = await Star.FailureOf(joining);
        Assert.Equal(FailureKind.Error, failure.Kind);
        Assert.Contains($"127.0.0.1 port {port} (127.0.0.1) is no nperf server: {guess}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_closes_at_once_is_tried_again()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        using Socket listener = RawPeer.Listen(out int port);
        Task<Control> joining = Star.Join(observer, signal, port);
        for (int i = 0; i < 3; i++) RawPeer.Accept(listener).Dispose();
        Assert.Contains("connected, but it", await observer.FirstWait, StringComparison.Ordinal);
        signal.Set(new Failure(FailureKind.Interrupted, "Ctrl-C"));
        Assert.Equal("Ctrl-C", (await Star.FailureOf(joining)).Message);
    }
}
