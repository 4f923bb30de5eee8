using System.Diagnostics;

namespace Nperf.Fuzz;

/// <summary>
/// Runs inputs through a target, batch by batch. A batch follows from the seed, the target and its number alone, so that
/// whoever runs it again, on however many processors, has the same inputs.
/// </summary>
internal sealed class Fuzzer(Target target, ulong seed)
{
    /// <summary>The inputs of a batch.</summary>
    public const int BatchSize = 100_000;

    /// <summary>Valid inputs that a batch begins with; mutants that were accepted take their places.</summary>
    private const int PoolSize = 64;

#if DEBUG
    /// <summary>Code that is not optimised allocates where optimised code does not (asynchronous methods, spans of constants).</summary>
    private const int Unoptimised = 16;
#else
    private const int Unoptimised = 1;
#endif

    private long _accepted, _refused, _mostBytes;
    private TimeSpan _slowest;

    /// <summary>The input that is being decoded, for the watchdog.</summary>
    public ReadOnlyMemory<byte> Current { get; private set; }

    /// <summary>Since when.</summary>
    public long Since;

    /// <summary>Runs a batch of so many <paramref name="inputs"/>; it ends with the first finding.</summary>
    public Batch Run(int number, int inputs)
    {
        long start = Stopwatch.GetTimestamp();
        var random = new Prng(Prng.Derive(seed, target.Name, number));
        var mutator = new Mutator(random);
        (_accepted, _refused, _mostBytes, _slowest) = (0, 0, 0, default);
        var pool = new byte[PoolSize][];
        string? finding = null;
        for (int i = 0; i < inputs && finding is null; i++)
        {
            if (i < PoolSize || random.OneIn(200))
            {
                byte[] valid = target.Generate(random);
                pool[i < PoolSize ? i : random.Below(PoolSize)] = valid;
                finding = Try(valid, isValid: true);
                continue;
            }

            ReadOnlyMemory<byte> mutant = mutator.Mutate(random.Pick(pool), random.Pick(pool));
            long accepted = _accepted;
            finding = Try(mutant, isValid: false);
            if (_accepted > accepted && mutant.Length < 2048 && random.OneIn(50)) pool[random.Below(PoolSize)] = mutant.ToArray();
        }

        return new Batch(
            _accepted, _refused, _mostBytes, _slowest, Stopwatch.GetElapsedTime(start),
            finding is null ? null : $"{finding}\n  batch {number} of seed {seed}, input {Convert.ToHexStringLower(Current.Span)}");
    }

    /// <summary>One input; returns what is wrong, or null.</summary>
    public string? Try(ReadOnlyMemory<byte> input, bool isValid)
    {
        Current = input;
        object? decoded;
        long allocated;
        TimeSpan time;
        try
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            Volatile.Write(ref Since, start);
            decoded = target.Decode(input);
            time = Stopwatch.GetElapsedTime(start);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        catch (Exception escaped)
        {
            return $"let escape {escaped}";
        }

        if (decoded is null) _refused++;
        else _accepted++;
        if (isValid && decoded is null) return "refused a valid input";
        if (allocated > Allowed(input) && (allocated = LeastBytes(input)) > Allowed(input))
            return $"allocated {allocated} bytes for {input.Length}; {Allowed(input)} are allowed";
        if (allocated > _mostBytes) _mostBytes = allocated;
        if (time > _slowest && (time = Fastest(input, time)) > _slowest) _slowest = time;
        if (time > target.TimeLimit) return $"took {time.TotalMilliseconds:0} ms for {input.Length} bytes";
        try
        {
            return decoded is null ? null : target.Check(decoded, input.Span);
        }
        catch (Exception escaped)
        {
            return $"let escape, of what it had decoded, {escaped}";
        }
        finally
        {
            Volatile.Write(ref Since, 0);
        }
    }

    private long Allowed(ReadOnlyMemory<byte> input) => Unoptimised * (target.FixedBytes + ((long)target.BytesPerByte * input.Length));

    // What a type or an exception costs the first time, and what a collection counts wrongly, is not the input's own.
    private long LeastBytes(ReadOnlyMemory<byte> input) => Enumerable.Range(0, 10).Min(_ => Again(input).Bytes);

    // Another process or a collection may have had the processor: the fastest of some is the input's own.
    private TimeSpan Fastest(ReadOnlyMemory<byte> input, TimeSpan time)
    {
        for (int i = 0; i < 5 && time > TimeSpan.FromMicroseconds(100); i++)
        {
            TimeSpan again = Again(input).Time;
            if (again < time) time = again;
        }

        return time;
    }

    private (TimeSpan Time, long Bytes) Again(ReadOnlyMemory<byte> input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        target.Decode(input);
        return (Stopwatch.GetElapsedTime(start), GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
