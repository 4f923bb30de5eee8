using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Nperf.Core.Host.Tcp;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Host;

public sealed class DataListenerTests
{
    private static readonly byte[] Secret = [1, 2, 3];

    private static readonly DataStream First = new(1, 0, 0);

    private static readonly World TwoHosts = TestWorld.Hub([1, 1], new RunOptions()).World;

    [Fact]
    public void Silent_and_wrong_strangers_neither_take_a_place_nor_delay_a_peer()
    {
        using var abortSignal = new AbortSignal();
        using DataListener listener = Listener();
        Socket[] silent = [.. Enumerable.Range(0, 40).Select(_ => Dial(listener))];
        using Socket garbage = Dial(listener);
        garbage.Send(new byte[4096]);
        using Socket half = Dial(listener);
        half.Send("NPERFDT2"u8);

        long begun = Stopwatch.GetTimestamp();
        using Socket peer = Dial(listener);
        new DataHandshake(Secret).Connect(peer, First, Soon());
        listener.Wait(TwoHosts, abortSignal, Soon());
        Assert.True(Stopwatch.GetElapsedTime(begun) < DataHandshake.Limit, "a stranger delayed the peer");

        using Socket taken = listener.Take(First);
        BoundedSocket.Send(taken, [42], Soon());
        byte[] received = new byte[1];
        BoundedSocket.Receive(peer, received, Soon());
        Assert.Equal(42, received[0]);
        foreach (Socket socket in silent) socket.Dispose();
    }

    [Fact]
    public void More_strangers_than_there_is_room_for_do_not_keep_a_peer_out()
    {
        using var abortSignal = new AbortSignal();
        using DataListener listener = Listener();
        Socket[] silent = [.. Enumerable.Range(0, 150).Select(_ => Dial(listener))];
        using Socket peer = Dial(listener);
        new DataHandshake(Secret).Connect(peer, First, Soon());
        listener.Wait(TwoHosts, abortSignal, Soon());
        foreach (Socket socket in silent) socket.Dispose();
    }

    [Fact]
    public void Garbage_is_hung_up_on()
    {
        using DataListener listener = Listener();
        using Socket garbage = Dial(listener);
        garbage.Send(new byte[48]);
        var dropped = Assert.Throws<SocketException>(() => BoundedSocket.Receive(garbage, new byte[1], Soon()));
        Assert.Equal(SocketError.ConnectionReset, dropped.SocketErrorCode);
    }

    [Fact]
    public void A_connector_with_another_secret_is_not_let_in()
    {
        using DataListener listener = Listener();
        using Socket stranger = Dial(listener);
        Assert.Throws<SocketException>(() => new DataHandshake(new byte[] { 9 }).Connect(stranger, First, Soon()));
        AssertNobodyCame(listener);
    }

    [Fact]
    public void Ranks_that_were_not_expected_are_not_let_in()
    {
        using DataListener listener = Listener();
        using Socket stranger = Dial(listener);
        Assert.Throws<SocketException>(() => new DataHandshake(Secret).Connect(stranger, new DataStream(0, 1, 0), Soon()));
        AssertNobodyCame(listener);
    }

    [Fact]
    public void A_recorded_handshake_is_of_no_use()
    {
        using DataListener listener = Listener();
        using Socket peer = Dial(listener);
        byte[] hello = [.. "NPERFDT2"u8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, .. new byte[32]];
        BoundedSocket.Send(peer, hello, Soon());
        byte[] first = new byte[72], second = new byte[72];
        BoundedSocket.Receive(peer, first, Soon());
        using Socket again = Dial(listener);
        BoundedSocket.Send(again, hello, Soon());
        BoundedSocket.Receive(again, second, Soon());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void A_peer_that_connects_again_replaces_its_connection()
    {
        using var abortSignal = new AbortSignal();
        using DataListener listener = Listener();
        using Socket lost = Dial(listener);
        new DataHandshake(Secret).Connect(lost, First, Soon());
        using Socket peer = Dial(listener);
        new DataHandshake(Secret).Connect(peer, First, Soon());
        listener.Wait(TwoHosts, abortSignal, Soon());
        using Socket taken = listener.Take(First);
        Assert.Equal(peer.LocalEndPoint, taken.RemoteEndPoint);
    }

    [Fact]
    public void Who_did_not_connect_is_named()
    {
        using var abortSignal = new AbortSignal();
        using DataListener listener = Listener();
        var ended = Assert.Throws<RunException>(
            () => listener.Wait(TwoHosts, abortSignal, BoundedSocket.After(TimeSpan.FromMilliseconds(20))));
        Assert.Equal(FailureKind.Timeout, ended.Failure.Kind);
        Assert.Contains("data connection of rank 1 (host1)", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_given_up_ends_the_wait_at_once()
    {
        using var abortSignal = new AbortSignal();
        using DataListener listener = Listener();
        abortSignal.Set(new Failure(FailureKind.Interrupted, "stopped"));
        var ended = Assert.Throws<RunException>(() => listener.Wait(TwoHosts, abortSignal, Soon()));
        Assert.Equal("stopped", ended.Message);
    }

    [Fact]
    public void An_address_where_nobody_answers_as_it_should_is_passed_over()
    {
        using var abortSignal = new AbortSignal();
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var listener = new DataListener([IPAddress.Parse("127.0.0.2")], new DataHandshake(Secret), [First]);
        var connector = new DataConnector(
            TwoHosts.Processes[1], TwoHosts.Processes[0],
            [new DataEndpoint(listener.Ports[0], ["127.0.0.3", "127.0.0.2"])], [null], new DataHandshake(Secret));
        using Socket peer = connector.Connect(First, abortSignal, Soon());
        Assert.Equal(IPAddress.Parse("127.0.0.2"), ((IPEndPoint)peer.RemoteEndPoint!).Address);
    }

    [Fact]
    public void Where_no_address_answers_each_is_named()
    {
        using var abortSignal = new AbortSignal();
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Any, 0));
        int port = ((IPEndPoint)closed.LocalEndPoint!).Port;
        var connector = new DataConnector(
            TwoHosts.Processes[1], TwoHosts.Processes[0],
            [new DataEndpoint(port, ["127.0.0.3"])], [null], new DataHandshake(Secret));
        var ended = Assert.Throws<RunException>(() => connector.Connect(First, abortSignal, Soon()));
        Assert.Contains("rank 1 (host1)", ended.Message, StringComparison.Ordinal);
        Assert.Contains("rank 0 (host0)", ended.Message, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.3:{port} (Connection refused)", ended.Message, StringComparison.Ordinal);
    }

    private static DataListener Listener() => new([IPAddress.Loopback], new DataHandshake(Secret), [First]);

    private static Socket Dial(DataListener listener) =>
        BoundedSocket.Connect(new IPEndPoint(IPAddress.Loopback, listener.Ports[0]), null, Soon());

    private static long Soon() => BoundedSocket.After(TimeSpan.FromSeconds(120));

    private static void AssertNobodyCame(DataListener listener)
    {
        using var abortSignal = new AbortSignal();
        Assert.Throws<RunException>(() => listener.Wait(TwoHosts, abortSignal, BoundedSocket.After(TimeSpan.FromMilliseconds(20))));
    }
}
