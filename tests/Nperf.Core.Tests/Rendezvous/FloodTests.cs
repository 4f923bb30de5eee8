using System.Net.Sockets;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>More connections than there is room for while they have not shown who they are.</summary>
public sealed class FloodTests
{
    [Fact]
    public async Task A_flood_from_one_address_pushes_itself_out_and_a_client_from_another_joins()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        ProcessOptions process = new() { Mode = Mode.Server, Port = 0, JoinTimeoutSeconds = 60 };
        using ServerRendezvous server = new(new RunOptions(), process, signal, observer) { MostWaiting = 8 };
        Task<Control> serving = Star.OnThread(server.Run);
        int port = (await observer.ListeningAt).Port;
        List<RawPeer> flood = [];
        try
        {
            // It greets before the flood and says hello behind it.
            using RawPeer early = RawPeer.Connect(port, from: "127.0.0.2");
            early.GreetAsClient();
            for (int i = 0; i < 40; i++) flood.Add(RawPeer.Connect(port));
            flood[0].ExpectClosed();
            early.SendMessage(0x01, RawPeer.Hello("9.8.7"));
            Assert.Contains("versions of nperf differ", early.ReadMessage(0x22), StringComparison.Ordinal);
            Assert.Contains("versions of nperf differ", (await Star.FailureOf(serving)).Message, StringComparison.Ordinal);
        }
        finally
        {
            flood.ForEach(peer => peer.Dispose());
        }
    }

    [Fact]
    public async Task The_same_stranger_is_named_once()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1);
        int port = (await observer.ListeningAt).Port;
        for (int i = 0; i < 20; i++)
        {
            using RawPeer stranger = RawPeer.Connect(port);
            stranger.Send("GET / HTTP/1.1\r\n\r\n");
            stranger.ExpectClosed();
        }

        Assert.Equal("looks like HTTP", Assert.Single(observer.Strangers));
        signal.Set(new Failure(FailureKind.Interrupted, "done"));
        await Star.FailureOf(serving);
    }

    [Fact]
    public void Of_one_too_many_the_oldest_of_the_busiest_address_is_closed()
    {
        using Socket listener = RawPeer.Listen(out int port);
        HandshakeRoom<Socket> room = new();
        List<RawPeer> peers = [];
        try
        {
            LinkedListNode<HandshakeRoom<Socket>.Waiting> Enter(string from, int most)
            {
                peers.Add(RawPeer.Connect(port, from: from));
                Socket socket = listener.Accept();
                return room.Enter(socket, Connection.RemoteOf(socket), most)!;
            }

            LinkedListNode<HandshakeRoom<Socket>.Waiting> lonely = Enter("127.0.0.2", 4);
            LinkedListNode<HandshakeRoom<Socket>.Waiting> oldest = Enter("127.0.0.1", 4);
            LinkedListNode<HandshakeRoom<Socket>.Waiting> next = Enter("127.0.0.1", 4);
            LinkedListNode<HandshakeRoom<Socket>.Waiting> done = Enter("127.0.0.1", 4);
            Assert.True(room.Leave(done));
            Enter("127.0.0.3", 4);
            Assert.Equal(4, room.Count);
            Enter("127.0.0.1", 4);
            peers[1].ExpectClosed();
            Assert.False(room.Leave(oldest));
            Assert.True(room.Leave(next));
            Assert.True(room.Leave(lonely));
            Assert.False(room.Leave(lonely));
            Assert.Equal(2, room.Count);
            room.Close();
            peers[^1].ExpectClosed();
            peers.Add(RawPeer.Connect(port));
            Assert.Null(room.Enter(listener.Accept(), remote: null, 4));
            done.Value.Connection.Dispose();
            next.Value.Connection.Dispose();
            lonely.Value.Connection.Dispose();
        }
        finally
        {
            peers.ForEach(peer => peer.Dispose());
        }
    }
}
