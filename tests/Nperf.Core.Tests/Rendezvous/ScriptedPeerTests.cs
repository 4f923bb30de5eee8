using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>docs/protocol.md, spoken by hand.</summary>
public sealed class ScriptedPeerTests
{
    private const string Process0 =
        """{"index":0,"firstRank":0,"rankCount":2,"host":"a","machineId":"m","sharedMemoryId":"s","processors":"0,1","processId":1,"address":"127.0.0.1"}""";

    private const string Process1 =
        """{"index":1,"firstRank":2,"rankCount":1,"host":"b","machineId":"n","sharedMemoryId":"t","processors":"0,1","processId":2,"address":"127.0.0.1"}""";

    internal static string Welcome(string options) =>
        $$"""
        {"version":"{{ThisProcess.Version}}","self":{{Process1}},"server":{{Process0}},"joined":1,"expected":1,"joinTimeoutSeconds":30,"options":{{options}}}
        """;

    internal static string Options { get; } = JsonSerializer.Serialize(
        new RunOptions(), ProtocolJson.Default.Options.GetTypeInfo(typeof(RunOptions)));

    [Fact]
    public async Task A_scripted_client_runs_the_whole_sequence()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1, ranks: 2);
        using RawPeer client = RawPeer.Connect((await observer.ListeningAt).Port);

        client.GreetAsClient();
        client.SendMessage(0x01, RawPeer.Hello(ThisProcess.Version, ranks: 3, given: """{"--bytes":"1K","--op":"allreduce"}"""));
        using (var welcome = JsonDocument.Parse(client.ReadMessage(0x02)))
        {
            Assert.Equal(ThisProcess.Version, welcome.RootElement.GetProperty("version").GetString());
            Assert.Equal(2, welcome.RootElement.GetProperty("self").GetProperty("firstRank").GetInt32());
            Assert.Equal(3, welcome.RootElement.GetProperty("self").GetProperty("rankCount").GetInt32());
            Assert.Equal("Float32", welcome.RootElement.GetProperty("options").GetProperty("dataTypes")[0].GetString());
        }

        using (var world = JsonDocument.Parse(client.ReadWorld()))
        {
            Assert.Equal(2, world.RootElement.GetArrayLength());
            Assert.Equal("scripted", world.RootElement[1].GetProperty("host").GetString());
            Assert.Equal(77, world.RootElement[1].GetProperty("processId").GetInt32());
        }

        Assert.Equal(0x05, client.ReadType());
        byte[] id = client.ReadPayload();
        client.Send(0x10);
        Assert.Equal(0x11, client.ReadType());
        using Control server = await serving;
        Assert.Equal(id, server.RunId.ToArray());

        Task<double[]> sum = Star.OnThread(() => server.AllReduce([1, 2], ControlReduction.Max, "max"));
        client.SendMessage(0x13, [2, .. Double(5), .. Double(-1)]);
        Assert.Equal(0x13, client.ReadType());
        Assert.Equal([2, .. Double(5), .. Double(2)], client.ReadPayload());
        double[] largest = await sum;
        Assert.Equal([5, 2], largest);

        Task<byte[][]?> gather = Star.OnThread(() => server.Gather([1], "gather"));
        client.SendMessage(0x14, [9, 8]);
        byte[][]? gathered = await gather;
        Assert.Equal([[1], [9, 8]], gathered!);

        Assert.Equal([4, 4], server.Broadcast(0, [4, 4], "from the server"));
        Assert.Equal(0x12, client.ReadType());
        Assert.Equal([4, 4], client.ReadPayload());
        client.SendMessage(0x12, [6]);
        Assert.Equal([6], server.Broadcast(1, [], "from the client"));

        client.Send(0x21);
        server.Leave();
        Assert.Equal(0x21, client.ReadType());
        Assert.False(signal.IsSet);
    }

    [Fact]
    public async Task A_scripted_server_runs_the_whole_sequence()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        using Socket listener = RawPeer.Listen(out int port);
        Task<Control> joining = Star.Join(observer, signal, port, given: "--iters");
        using RawPeer server = RawPeer.Accept(listener);

        server.GreetAsServer();
        using (var hello = JsonDocument.Parse(server.ReadMessage(0x01)))
        {
            Assert.Equal(ThisProcess.Version, hello.RootElement.GetProperty("version").GetString());
            Assert.Equal(Environment.ProcessId, hello.RootElement.GetProperty("processId").GetInt32());
            Assert.Equal(1, hello.RootElement.GetProperty("ranks").GetInt32());
            Assert.Equal("""{"--iters":"20"}""", hello.RootElement.GetProperty("given").GetRawText());
        }

        server.SendMessage(0x02, Welcome(Options));
        server.SendMessage(0x20, [5, 0, 0, 0]);
        server.SendMessage(0x03, [1, 0, 0, 0, 1, 0, 0, 0]);
        server.SendWorld($"[{Process0},{Process1}]");
        server.SendMessage(0x05, [1, 2, 3]);
        Assert.Equal(0x10, server.ReadType());
        server.Send(0x11);
        using Control client = await joining;
        Assert.Equal(3, client.World.Size);
        Assert.Equal(2, client.Self.FirstRank);
        Assert.Equal([1, 2, 3], client.RunId.ToArray());

        Task barrier = Star.OnThread(() => client.Barrier("meet"));
        Assert.Equal(0x10, server.ReadType());
        Assert.False(barrier.IsCompleted);
        server.Send(0x11);
        await barrier;

        Task leave = Star.OnThread(client.Leave);
        Assert.Equal(0x21, server.ReadType());
        server.Send(0x21);
        await leave;
        Assert.False(signal.IsSet);
    }

    [Fact]
    public async Task An_abort_from_a_scripted_client_ends_the_run_in_its_words()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 2);
        using RawPeer client = RawPeer.Connect((await observer.ListeningAt).Port);
        client.GreetAsClient();
        client.SendMessage(0x01, RawPeer.Hello(ThisProcess.Version));
        client.ReadMessage(0x02);
        client.SendMessage(0x22, Encoding.UTF8.GetBytes("""{"kind":"Interrupted","message":"stopped\u001b[2J by hand"}"""));

        Failure failure = await Star.FailureOf(serving);
        Assert.Equal(FailureKind.Interrupted, failure.Kind);
        Assert.Equal("stopped?[2J by hand", failure.Message);
        Assert.Equal(1, failure.Rank);
        Assert.Equal("scripted", failure.Host);
    }

    private static byte[] Double(double value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return bytes;
    }
}
