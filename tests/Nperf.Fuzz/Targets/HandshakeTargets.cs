using System.Text;
using Nperf.Core.Host.Tcp;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Fuzz.Targets;

/// <summary>What a stranger can send before he has shown who he is.</summary>
internal static class HandshakeTargets
{
    private static readonly Token Secret = Token.Read("0123456789abcdef0123456789abcdef", out Token? token) is null ? token! : throw new InvalidOperationException();
    private static readonly byte[] Run = new byte[32];
    private static readonly DataHandshake Data = new(new byte[128]);

    public static IEnumerable<Target> All { get; } =
    [
        new Target<Boxed<Greeted>>(
            "greeting",
            random => (random.OneIn(2) ? Greeting.FromClient(random.OneIn(2)) : Greeting.FromClient(false)).ToArray(),
            input => Greet(Greeting.ReceiveFromClientAsync(Read.Stream(input), CancellationToken.None)))
        {
            Holds = (greeted, input) => greeted.Value.HasToken == (input[7] == 1 && input[6] == 1) && input.AsSpan(0, 6).SequenceEqual("NPERF>"u8),
        },
        new Target<Boxed<Greeted>>(
            "greeting-answer",
            random => Greeting.FromServer(random.OneIn(2)).ToArray(),
            input => Greet(Greeting.ReceiveFromServerAsync(Read.Stream(input), CancellationToken.None)))
        {
            Holds = (_, input) => input.AsSpan(0, 6).SequenceEqual("NPERF<"u8),
        },
        // Of a proof the input is what it differs by from the right one: nothing, and it is taken; else it never is.
        new Target<Session>("token-proof", _ => new byte[64], input => Prove(input, ofClient: true))
        {
            Refusals = [typeof(ProtocolException), typeof(EndOfStreamException)],
            Holds = (_, input) => input.Length >= 64 && !input.AsSpan(0, 64).ContainsAnyExcept((byte)0),
        },
        new Target<Session>("token-answer", _ => new byte[96], input => Prove(input, ofClient: false))
        {
            Refusals = [typeof(ProtocolException), typeof(EndOfStreamException)],
            Holds = (_, input) => input.Length >= 96 && !input.AsSpan(0, 96).ContainsAnyExcept((byte)0),
        },
        new Target<Boxed<DataStream>>("data-hello", Hello, DataHello)
        {
            Encode = stream =>
            {
                byte[] hello = new byte[DataHandshake.HelloSize];
                DataHandshake.MakeHello(stream.Value, hello);
                hello.AsSpan(20).Clear();
                return hello;
            },
        },
        new Target<string>("data-challenge", _ => new byte[DataHandshake.ChallengeSize], input => DataProof(input, DataHandshake.ChallengeSize, true))
        {
            Holds = (_, input) => !input.AsSpan().ContainsAnyExcept((byte)0),
        },
        new Target<string>("data-proof", _ => new byte[32], input => DataProof(input, 32, false))
        {
            Holds = (_, input) => !input.AsSpan().ContainsAnyExcept((byte)0),
        },
        new Target<string>(
            "token",
            random => Prng.Utf8($"{(random.OneIn(4) ? "\n " : "")}{Convert.ToHexStringLower(random.Bytes(random.From(8, 40)))}\n"),
            input => Token.Read(Encoding.Latin1.GetString(input.Span), out Token? token) is null ? token!.Reveal() : null)
        {
            Encode = Prng.Utf8,
            Holds = (text, _) => text.Length is >= Token.LeastLength and <= Token.MostLength && text.All(c => c is >= ' ' and <= '~'),
        },
    ];

    private static Boxed<Greeted>? Greet(ValueTask<Greeted> receiving)
    {
        Greeted greeted = Read.Now(receiving);
        if (greeted.Guess?.Any(char.IsControl) == true) throw new InvalidDataException($"guesses '{greeted.Guess}'");
        return greeted.Guess is null ? new Boxed<Greeted>(greeted) : null;
    }

    private static Session? Prove(ReadOnlyMemory<byte> differences, bool ofClient)
    {
        (Wire server, Wire client) = ofClient ? Wire.Pair(null, differences) : Wire.Pair(differences, null);
        Task<Session?> accepting = TokenProof.AcceptAsync(server, Secret, Run, CancellationToken.None);
        Task<Session> proving = TokenProof.ProveAsync(client, Secret, CancellationToken.None);
        if (ofClient)
        {
            if (!accepting.IsCompleted) server.End();
            Session? session = accepting.GetAwaiter().GetResult();
            client.End();
            Observe(proving);
            return session;
        }

        if (!proving.IsCompleted) client.End();
        server.End();
        Observe(accepting);
        return proving.GetAwaiter().GetResult();
    }

    private static void Observe(Task task) => _ = task.Exception;

    private static byte[] Hello(Prng random)
    {
        byte[] hello = new byte[DataHandshake.HelloSize];
        DataHandshake.MakeHello(new DataStream(random.Below(100), random.Below(100), random.Below(16)), hello);
        return hello;
    }

    private static Boxed<DataStream>? DataHello(ReadOnlyMemory<byte> input)
    {
        if (input.Length < DataHandshake.HelloSize) return null;
        return DataHandshake.IsHello(input.Span[..DataHandshake.HelloSize], out DataStream stream) ? new(stream) : null;
    }

    private static string? DataProof(ReadOnlyMemory<byte> differences, int size, bool isChallenge)
    {
        if (differences.Length != size) return null;
        byte[] hello = new byte[DataHandshake.HelloSize], challenge = new byte[DataHandshake.ChallengeSize];
        DataHandshake.MakeHello(new DataStream(1, 0, 0), hello);
        Data.MakeChallenge(hello, challenge);
        byte[] sent = isChallenge ? challenge : Data.Proof(hello, challenge);
        for (int i = 0; i < size; i++) sent[i] ^= differences.Span[i];
        return (isChallenge ? Data.IsChallenge(sent, hello) : Data.IsProof(sent, hello, challenge)) ? "taken" : null;
    }
}

/// <summary>A value where a reference is wanted.</summary>
internal sealed record Boxed<T>(T Value);
