using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Nperf.Core.Liveness;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Tests.Rendezvous;

/// <summary>Whatever arrives: a refusal or an end, never a hang, another exception, or memory by a stranger's word.</summary>
public sealed class GarbageTests
{
    private static readonly byte[] Types = [1, 2, 3, 4, 5, 0x10, 0x11, 0x12, 0x13, 0x14, 0x20, 0x21, 0x22];

    private static readonly Gen<byte[]> Messages = Gen.Frequency(
        (1, Gen.Byte.Array[0, 64]),
        (3, Gen.Select(
            Gen.Int[0, Types.Length - 1].Select(i => Types[i]),
            Gen.Frequency((3, Gen.UInt[0, 40]), (1, Gen.UInt)),
            Gen.Byte.Array[0, 40],
            (type, length, payload) => (byte[])[type, .. BitConverter.GetBytes(length), .. payload])));

    [Fact]
    public void The_reader_takes_any_bytes_and_allocates_little()
    {
        Messages.Array[1, 5].Select(parts => parts.SelectMany(part => part).ToArray()).Sample(
            bytes =>
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                ReadAll(bytes);
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
            },
            iter: 2000,
            threads: 1);
    }

    [Fact]
    public void Heartbeats_take_any_payload()
    {
        byte[] sound = new Heartbeat(TimeSpan.FromSeconds(1), new RankMarks(2, 3).Read()).ToMessage().Payload.ToArray();
        Gen.Frequency((1, Gen.Byte.Array[0, 200]), (3, Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte).Select((at, value) =>
        {
            byte[] changed = [.. sound];
            changed[at] = value;
            return changed;
        }))).Sample(
            payload =>
            {
                try
                {
                    foreach (RankPosition position in Heartbeat.From(new Message(MessageType.Heartbeat, payload), 3).Positions)
                        Assert.DoesNotContain(position.Describe(), char.IsControl);
                }
                catch (ProtocolException)
                {
                }
            },
            iter: 5000,
            threads: 1);
    }

    [Fact]
    public void Decoders_take_any_payload()
    {
        string[] valid =
        [
            RawPeer.Hello("1", given: """{"--op":"x"}"""), RawPeer.MemberHello("1", 0, 1, "x"), ScriptedPeerTests.Welcome(ScriptedPeerTests.Options),
            """{"host":"h","port":1,"memberOf":0,"member":1,"secret":"s"}""",
            """{"kind":"Timeout","message":"late","rank":3,"host":"h","step":"s"}""", "[]", "null",
        ];
        Gen.Select(Gen.Int[0, valid.Length - 1].Select(i => valid[i]), Gen.Int[0, 2000], Gen.Byte).Sample(
            (text, at, value) =>
            {
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                bytes[at % bytes.Length] = value;
                foreach (Action<Message> decode in Decoders)
                {
                    try
                    {
                        decode(new Message(MessageType.Hello, bytes));
                    }
                    catch (ProtocolException)
                    {
                    }
                }
            },
            iter: 2000,
            threads: 1);
    }

    [Fact]
    public async Task A_server_drops_garbage_and_goes_on()
    {
        using AbortSignal signal = new();
        RecordingObserver observer = new();
        Task<Control> serving = Star.Serve(observer, signal, clients: 1);
        int port = (await observer.ListeningAt).Port;
        await Gen.Select(Gen.Bool, Messages.Array[0, 4]).SampleAsync(
            (greets, parts) => Star.OnThread(() =>
            {
                using (RawPeer peer = RawPeer.Connect(port))
                {
                    if (greets) peer.GreetAsClient();
                    SendAll(peer, parts);
                }

                Assert.False(serving.IsCompleted);
            }),
            iter: 100,
            threads: 1);
        using AbortSignal client = new();
        Control[] controls = await Task.WhenAll(serving, Star.Join(new RecordingObserver(), client, port));
        Parallel.ForEach(controls, control => control.Dispose());
    }

    [Fact]
    public async Task Garbage_from_a_client_that_joined_ends_the_run()
    {
        await Messages.Array[1, 4].SampleAsync(
            async parts =>
            {
                using AbortSignal signal = new();
                RecordingObserver observer = new();
                Task<Control> serving = Star.Serve(observer, signal, clients: 2);
                using (RawPeer peer = RawPeer.Connect((await observer.ListeningAt).Port))
                {
                    peer.GreetAsClient();
                    peer.SendMessage(0x01, RawPeer.Hello(ThisProcess.Version));
                    peer.ReadMessage(0x02);
                    SendAll(peer, parts);
                }

                Assert.NotEqual(FailureKind.Timeout, (await Star.FailureOf(serving)).Kind);
            },
            iter: 20,
            threads: 1);
    }

    [Fact]
    public async Task A_client_ends_at_a_mutated_welcome_or_world()
    {
        byte[] welcome = Encoding.UTF8.GetBytes(ScriptedPeerTests.Welcome(ScriptedPeerTests.Options));
        await Gen.Select(Gen.Int[0, welcome.Length - 1], Gen.Byte, Messages).SampleAsync(
            async (at, value, after) =>
            {
                using AbortSignal signal = new();
                using Socket listener = RawPeer.Listen(out int port);
                Task<Control> joining = Star.Join(new RecordingObserver(), signal, port);
                using (RawPeer server = RawPeer.Accept(listener))
                {
                    server.GreetAsServer();
                    server.ReadMessage(0x01);
                    byte[] mutated = [.. welcome];
                    mutated[at] = value;
                    server.SendMessage(0x02, mutated);
                    SendAll(server, [after]);
                }

                Assert.NotEqual(FailureKind.Timeout, (await Star.FailureOf(joining)).Kind);
            },
            iter: 30,
            threads: 1);
    }

    private static Action<Message>[] Decoders { get; } =
    [
        message => Payloads.Json(message, ProtocolJson.Default.Hello),
        message => WelcomeCheck.Checked(Payloads.Json(message, ProtocolJson.Default.Welcome), new ProcessOptions()),
        message => WelcomeCheck.CheckedWorld(Payloads.World(message), ThisProcess.Describe(1, 1, 1, "x")),
        message => WelcomeCheck.CheckedWorld(Payloads.World(Squeezed(message)), ThisProcess.Describe(1, 1, 1, "x")),
        message => Payloads.Abort(message),
        message => Payloads.Joined(message),
        message => MemberPlace.FromLine(Encoding.UTF8.GetString(message.Payload.Span)),
        message => ValuesPayload.Decode(message, 2, ControlReduction.Min),
    ];

    private static Message Squeezed(Message message)
    {
        using MemoryStream small = new();
        using (ZLibStream squeeze = new(small, CompressionLevel.Fastest)) squeeze.Write(message.Payload.Span);
        return new Message(MessageType.World, small.ToArray());
    }

    private static void ReadAll(byte[] bytes)
    {
        MessageReader reader = new(new MemoryStream(bytes));
        try
        {
            while (true)
            {
                Task<Message?> read = reader.ReadAsync(Message.LargestCap, CancellationToken.None).AsTask();
                Assert.True(read.IsCompleted);
                if (read.GetAwaiter().GetResult() is null) return;
            }
        }
        catch (Exception e) when (e is ProtocolException or IOException)
        {
        }
    }

    private static void SendAll(RawPeer peer, IEnumerable<byte[]> parts)
    {
        try
        {
            foreach (byte[] part in parts) peer.Send(part);
        }
        catch (SocketException)
        {
            // Closed by then.
        }
    }
}
