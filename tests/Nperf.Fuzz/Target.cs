namespace Nperf.Fuzz;

/// <summary>One decoder: valid inputs for it, what it may throw, and what it may take.</summary>
internal abstract class Target(string name)
{
    /// <summary>What it is called on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>What decoding may allocate whatever the input, bytes.</summary>
    public int FixedBytes { get; init; } = 16 << 10;

    /// <summary>What it may allocate beside that for each byte of the input, bytes.</summary>
    public int BytesPerByte { get; init; } = 64;

    /// <summary>How long decoding may take.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How much of the inputs that were asked for it gets: 1 in so many, where one takes long.</summary>
    public int Share { get; init; } = 1;

    /// <summary>A valid input.</summary>
    public abstract byte[] Generate(Prng random);

    /// <summary>Decodes; returns what, or null where it was refused as it may be. Throws what else comes.</summary>
    public abstract object? Decode(ReadOnlyMemory<byte> input);

    /// <summary>What is wrong with what was decoded, or null: encoded and decoded again it has to be the same.</summary>
    public abstract string? Check(object decoded, ReadOnlySpan<byte> input);
}

/// <summary>A decoder of <typeparamref name="T"/>.</summary>
/// <param name="name">What it is called on the command line.</param>
/// <param name="generate">Makes a valid input.</param>
/// <param name="decode">The decoder; null stands for a refusal.</param>
internal sealed class Target<T>(string name, Func<Prng, byte[]> generate, Func<ReadOnlyMemory<byte>, T?> decode) : Target(name)
    where T : class
{
    /// <summary>The exceptions that mean a refusal.</summary>
    public Type[] Refusals { get; init; } = [];

    /// <summary>The encoder, where there is one.</summary>
    public Func<T, byte[]>? Encode { get; init; }

    /// <summary>What else has to hold of what was decoded from an input.</summary>
    public Func<T, byte[], bool>? Holds { get; init; }

    public override byte[] Generate(Prng random) => generate(random);

    public override object? Decode(ReadOnlyMemory<byte> input)
    {
        try
        {
            return decode(input);
        }
        catch (Exception refusal) when (Refusals.Contains(refusal.GetType()))
        {
            return null;
        }
    }

    public override string? Check(object decoded, ReadOnlySpan<byte> input)
    {
        if (Holds is not null && !Holds((T)decoded, input.ToArray())) return "what was decoded is not what it has to be";
        if (Encode is null) return null;
        byte[] once = Encode((T)decoded);
        if (Decode(once) is not T again) return $"refused what it had decoded: {Show(once)}";
        byte[] twice = Encode(again);
        return once.AsSpan().SequenceEqual(twice) ? null : $"decodes to another: {Show(once)}, then {Show(twice)}";
    }

    private static string Show(byte[] bytes) => Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, 2000)));
}
