using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Nperf.Core;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Liveness;
using Nperf.Core.MpiMode;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Fuzz.Targets;

/// <summary>The messages of the control connection, and what is in each.</summary>
internal static class MessageTargets
{
    private const int Ranks = 3;
    private static readonly byte[] Key = new byte[32];
    private static readonly Type[] Protocol = [typeof(ProtocolException)];
    private static readonly RunOptions Options = new();
    private static readonly ProcessInfo Self = ThisProcess.Describe(1, 1, 1, "10.0.0.2");

    private static readonly MessageType[] Types =
        [.. Enum.GetValues<MessageType>()];

    public static IEnumerable<Target> All { get; } =
    [
        new Target<List<Message>>("messages", random => Frames(random, seal: null), input => ReadAll(input, seal: null))
        {
            Refusals = [typeof(ProtocolException), typeof(EndOfStreamException)],
            FixedBytes = 96 << 10,
            Encode = messages => Frames(messages, seal: null),
        },
        new Target<List<Message>>(
            "sealed-messages", random => Frames(random, new Seal(Key)), input => ReadAll(input, new Seal(Key)))
        {
            Refusals = [typeof(ProtocolException), typeof(EndOfStreamException)],
            FixedBytes = 96 << 10,
            Encode = messages => Frames(messages, new Seal(Key)),
            Holds = (messages, input) => Frames(messages, new Seal(Key)).AsSpan().SequenceEqual(input),
        },
        Json("hello", Hello, ProtocolJson.Default.Hello, Admitted),
        Json("welcome", Welcome, ProtocolJson.Default.Welcome, welcome => WelcomeCheck.Checked(welcome, new ProcessOptions())),
        Json("world", World, ProtocolJson.Default.ProcessInfoArray, processes =>
        {
            World world = WelcomeCheck.CheckedWorld(processes, Self);
            _ = world.ProcessorsOnMachineOf(world.Processes[^1]);
            _ = Wording.Names(world.Processes.Take(3));
            return [.. world.Processes];
        }),
        new Target<Failure>(
            "abort",
            random => Payloads.Abort(Failure(random)).Payload.ToArray(),
            input => Payloads.Abort(new Message(MessageType.Abort, input)))
        {
            Refusals = Protocol,
            Encode = failure => Payloads.Abort(failure).Payload.ToArray(),
            Holds = (failure, _) => !failure.Message.Any(char.IsControl) && failure.Message.Length <= 8001,
        },
        new Target<Boxed<(int, int)>>(
            "joined",
            random => Payloads.Joined((int)random.Number(), (int)random.Number()).Payload.ToArray(),
            input => new(Payloads.Joined(new Message(MessageType.Joined, input))))
        {
            Refusals = Protocol,
            Encode = counts => Payloads.Joined(counts.Value.Item1, counts.Value.Item2).Payload.ToArray(),
        },
        new Target<double[]>(
            "values",
            random => ValuesPayload.Encode(
                [BitConverter.UInt64BitsToDouble(random.Next()), random.Below(100), -1.5], ControlReduction.Max).Payload.ToArray(),
            input => ValuesPayload.Decode(new Message(MessageType.Values, input), 3, ControlReduction.Max))
        {
            Refusals = Protocol,
            Encode = values => ValuesPayload.Encode(values, ControlReduction.Max).Payload.ToArray(),
        },
        new Target<Heartbeat>(
            "heartbeat",
            random => new Heartbeat(
                TimeSpan.FromMilliseconds(random.Below(100_000)), random.OneIn(8) ? [] : [Position(random), Position(random), Position(random)])
                .ToMessage().Payload.ToArray(),
            input => Heartbeat.From(new Message(MessageType.Heartbeat, input), Ranks))
        {
            Refusals = Protocol,
            Encode = heartbeat => heartbeat.ToMessage().Payload.ToArray(),
            Holds = (heartbeat, _) => !heartbeat.Positions.Any(position => position.Describe().Any(char.IsControl)),
        },
        new Target<MemberPlace>(
            "member-place",
            random => new MemberPlace
            {
                Host = "10.0.0.1",
                Port = random.From(1, 65535),
                MemberOf = random.Below(9),
                Member = random.From(1, 9),
                Secret = random.Word(64),
                TokenText = random.OneIn(2) ? null : "0123456789abcdef" + random.Word(),
            }.ToLine(),
            input => MemberPlace.FromLine(Read.Text(input)))
        {
            Encode = place => place.ToLine(),
            Holds = (place, _) => place.Apply(new ProcessOptions()).Mode == Mode.Client,
        },
        new Target<MpiChannel>("mpi-message", MpiMessage, ArrivesByMpi) { FixedBytes = 32 << 10 },
    ];

    private static Target<T> Json<T>(string name, Func<Prng, T> generate, JsonTypeInfo<T> form, Func<T, T> check)
        where T : class => new(
        name,
        random => Payloads.Json(MessageType.Hello, generate(random), form).Payload.ToArray(),
        input => check(Payloads.Json(new Message(MessageType.Hello, input), form)))
        {
            Refusals = Protocol,
            FixedBytes = 64 << 10,
            BytesPerByte = 256,
            Encode = value => JsonSerializer.SerializeToUtf8Bytes(value, form),
        };

    private static byte[] Frames(Prng random, Seal? seal) => Frames(
        random.Several(4, () =>
        {
            MessageType type = random.Pick(Types);
            return new Message(type, Message.Cap(type) == 0 ? default : random.Bytes(Math.Min(Message.Cap(type), random.Below(40))));
        }),
        seal);

    private static byte[] Frames(IEnumerable<Message> messages, Seal? seal)
    {
        var bytes = new MemoryStream();
        byte[] header = new byte[Message.LongestHeader];
        byte[] tag = new byte[Seal.Size];
        foreach (Message message in messages)
        {
            int length = message.WriteHeader(header);
            bytes.Write(header, 0, length);
            bytes.Write(message.Payload.Span);
            if (seal is null) continue;
            seal.Make(header.AsSpan(0, length), message.Payload.Span, tag);
            bytes.Write(tag);
        }

        return bytes.ToArray();
    }

    private static List<Message> ReadAll(ReadOnlyMemory<byte> input, Seal? seal)
    {
        var messages = new List<Message>();
        var reader = new MessageReader(Read.Stream(input)) { Seal = seal };
        while (Read.Now(reader.ReadAsync(Message.LargestCap, CancellationToken.None)) is { } message) messages.Add(message);
        return messages;
    }

    private static Hello Hello(Prng random) => new()
    {
        Version = random.OneIn(8) ? random.Word() : ThisProcess.Version,
        Host = random.Word(),
        MachineId = random.Word(),
        SharedMemoryId = random.Word(),
        Processors = "0,1,2",
        ProcessId = random.Below(100_000),
        Ranks = random.From(1, 64),
        Processes = random.OneIn(2) ? null : 1,
        MemberOf = random.OneIn(4) ? 0 : null,
        Member = random.OneIn(4) ? random.Below(4) : null,
        Secret = random.OneIn(4) ? random.Word(64) : null,
        Assigned = random.OneIn(4) ? new AssignedPlace(random.Below(8), random.Below(8)) : null,
        Given = random.OneIn(2) ? new Dictionary<string, string>() : RunOptionsText.Given(Options, new HashSet<string> { "--op", "--bytes" }),
    };

    // What a server does with a client's word before, and where, it takes it in.
    private static Hello Admitted(Hello hello)
    {
        hello = HelloCheck.Checked(hello);
        var roster = new Roster();
        Head self = roster.Add(4, 4);
        self.Processes[0] = Self;
        _ = Refusals.OtherVersion(hello, "server", hello.Host);
        _ = PlaceRefusals.NoPlaceFor(hello.Assigned is null ? null : new AssignedPlace(0, 4), self, hello.Host, hello);
        _ = Refusals.OtherOptions(Options, hello, "server", "client");
        _ = roster.HeadOf(hello);
        Head head = roster.Add(hello.Ranks, hello.Processes ?? 1);
        _ = Wording.Name(head.Seat(0, hello, "10.0.0.3"));
        return hello;
    }

    private static Welcome Welcome(Prng random) => new()
    {
        Version = ThisProcess.Version,
        Self = Self,
        Server = ThisProcess.Describe(0, 0, 1, "10.0.0.1"),
        Joined = 1,
        Expected = random.From(1, 4),
        JoinTimeoutSeconds = 30,
        Secret = random.OneIn(2) ? null : random.Word(64),
        Options = new RunOptions
        {
            Operations = [random.Pick(Operations.All).Name, "allreduce"],
            DataTypes = [random.Pick(DataTypes.All)],
            MinBytes = random.From(1, 4096),
            MaxBytes = random.From(4096, 1 << 20),
            StepFactor = random.From(2, 9),
            StepBytes = random.OneIn(2) ? 0 : random.From(100, 1 << 16),
            Roots = random.Several(3, () => random.Below(8)),
            Split = random.OneIn(2) ? null : new Split(SplitKind.Mod, random.From(1, 8)),
            AlgorithmTable = random.OneIn(2) ? null : new AlgorithmRules([new AlgorithmRule("allreduce", random.From(2, 9), random.From(1, 1 << 20), "ring")]),
            Wait = random.Pick(Enum.GetValues<WaitMode>()),
            Traffic = random.OneIn(2) ? null : new TrafficMatrix([[random.From(1, 99), 2], [3, 4]]),
        },
    };

    private static ProcessInfo[] World(Prng random)
    {
        var world = new ProcessInfo[random.From(2, 5)];
        world[0] = ThisProcess.Describe(0, 0, 1, "10.0.0.1");
        world[1] = Self;
        int rank = 2;
        for (int i = 2; i < world.Length; i++)
        {
            int ranks = random.From(1, 8);
            world[i] = ThisProcess.Describe(i, rank, ranks, "10.0.0.3") with { Processors = "0,1,5", MachineId = random.Word() };
            rank += ranks;
        }

        return world;
    }

    private static Failure Failure(Prng random) => new(random.Pick(Enum.GetValues<FailureKind>()), $"rank 3 {random.Word(40)}")
    {
        Rank = random.OneIn(2) ? null : random.Below(9),
        Host = random.OneIn(2) ? null : random.Word(),
        Step = random.OneIn(2) ? null : random.Word(),
    };

    private static RankPosition Position(Prng random) => new()
    {
        Step = random.Pick(Enum.GetValues<RankStep>()),
        Number = random.Below(100),
        WaitsFor = random.Below(100),
        Allowance = TimeSpan.FromMilliseconds(random.Below(1000)),
        Bytes = random.Below(1 << 20),
        Iterations = random.Below(100),
        Moves = random.Below(1000),
        Operation = random.Word(),
        Meeting = random.Word(),
    };

    // The first byte is MPI's tag, which is the message's type.
    private static byte[] MpiMessage(Prng random) => random.Below(3) switch
    {
        0 => [(byte)MessageType.Abort, .. Payloads.Abort(Failure(random)).Payload.Span],
        1 => [(byte)MessageType.Heartbeat, .. new Heartbeat(default, [Position(random), Position(random), Position(random)]).ToMessage().Payload.Span],
        _ => [(byte)MessageType.Gather, .. random.Bytes(random.Below(20))],
    };

    private static MpiChannel? ArrivesByMpi(ReadOnlyMemory<byte> input)
    {
        if (input.IsEmpty) return null;
        using var abort = new AbortSignal();
        var channel = new MpiChannel(null!, 0, abort);
        Exception? end = null;
        channel.Start(
            TimeSpan.FromSeconds(1), heartbeat => Heartbeat.From(heartbeat, Ranks), failure => abort.Set(failure), wrong => end = wrong);
        channel.Arrived(new Message((MessageType)input.Span[0], input[1..]));
        return end is null ? channel : end is ProtocolException ? null : throw new InvalidDataException("ended otherwise", end);
    }
}
