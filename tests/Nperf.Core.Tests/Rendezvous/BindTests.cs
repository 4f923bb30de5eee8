using System.Net;
using System.Net.Sockets;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>One address of this machine, on which a run is to be. All of 127.0.0.0/8 is this machine's.</summary>
public sealed class BindTests
{
    [Fact]
    public async Task A_server_listens_on_its_address_alone_and_a_client_comes_from_its_own()
    {
        using AbortSignal server = new(), client = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, server, clients: 1, bind: IPAddress.Parse("127.0.0.2"));
        IPEndPoint endpoint = await observer.ListeningAt;
        Assert.Equal("127.0.0.2", endpoint.Address.ToString());
        var refused = Assert.Throws<SocketException>(() => RawPeer.Connect(endpoint.Port, "127.0.0.1"));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);

        Task<Control> joining = Star.Join(
            new RecordingObserver(), client, endpoint.Port, host: "127.0.0.2", bind: IPAddress.Parse("127.0.0.3"));
        Control[] controls = await Task.WhenAll(serving, joining);
        Assert.Equal(["127.0.0.2", "127.0.0.3"], controls[0].World.Processes.Select(process => process.Address));
        foreach (Control control in controls) control.Dispose();
    }

    [Fact]
    public async Task An_address_of_the_other_family_is_not_tried_and_says_why()
    {
        using AbortSignal signal = new();
        Failure failure = await Star.FailureOf(Star.Join(
            new RecordingObserver(), signal, port: 5201, joinSeconds: 0.5, host: "::1", bind: IPAddress.Loopback));
        Assert.Contains("::1: not reached from 127.0.0.1 (--bind)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_not_this_machines_is_refused_by_name()
    {
        using AbortSignal signal = new();
        Failure failure = await Star.FailureOf(Star.Serve(
            new RecordingObserver(), signal, clients: 1, bind: IPAddress.Parse("192.0.2.1")));
        Assert.Equal("192.0.2.1 is no address of this machine (ip address lists those)", failure.Message);
    }
}
