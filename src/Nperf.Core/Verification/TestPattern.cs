using System.Numerics;
using System.Runtime.CompilerServices;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Liveness;
using Nperf.Core.Results;

namespace Nperf.Core.Verification;

/// <summary>
/// The pattern in a computer's own memory, where a buffer may lie at any address. What receive buffers must hold is so
/// bit for bit, whatever the order in which the ranks' values are combined.
/// </summary>
/// <remarks>
/// <para>
/// Element i of rank r's send buffer, in the iteration numbered <c>seed</c>, is in(r, a) with
/// a = (x(i mod 62989) + seed) mod 251; x(0) = 0, x(1) = 1, x(j+2) = (7 x(j+1) + 58 x(j)) mod 251. Two neighbouring
/// values of x tell their place, so data in a wrong place shows; another seed changes every a, so stale data shows.
/// A reduction over all ranks of element i must give out(a), with the same a. All values are integers from 1 to M:
/// </para>
/// <para>
/// M is 7 for float8e5m2, 13 for float8e4m3, 127 for int8, 251 for uint8 and bfloat16, 2039 for float16, 2^24 - 3 for
/// float32, 2^31 - 1 for the others: primes up to which every integer is exact. g(k) is max(1, floor(0.6180339887 k)).
/// n is the world size; / rounds down.
/// </para>
/// <para>
/// Without a reduction: in(r, a) = 1 + (g(M) · (r mod M) + s · (p · a mod 251)) mod M, with the slope
/// s = g(M) · (1 + r / M mod (M - 1)) mod M and the order p = 1 + M · (r / (M (M - 1)) mod (1 + 249 / M)), 1 for most
/// types and worlds: a step of a always changes the value, and two ranks' values agree for at most a few a; in an 8-bit
/// floating-point type, for about a third.
/// </para>
/// <para>
/// With one, a total t(a) is dealt out to the ranks. t(a) = 1 + (d · a mod M); for a product t(a) = q(d · a mod |q|), q
/// being the numbers from 2 to min(M, 2^20) that have no prime factor above 7, in order, without the last where |q|
/// would divide 250. With f = a · n / 251 and the turn k = (r - f) mod n, in(r, a) is:
/// sum and average, (t - t/2 + n - 1 - k) / n, and t/2 more for the rank with k = a mod n;
/// product, of the prime factors of t in ascending order, numbered from 0, the product of those with number mod n = k;
/// minimum, t for k = 0 or t = M, else t + 1 + m mod (M - t); maximum, t for k = 0 or t = 1, else 1 + m mod (t - 1),
/// where m = ((2654435761 (r + 1) mod 2^32) xor (2246822519 a mod 2^32)) / 2.
/// out(a) = t(a), for an average divided by n as the type does. d is the first of g(M), g(M) + 1, ... mod M (|q| for M
/// in a product), 128 of them, that has no factor in common with M and out(a) ≠ out(a+1 mod 251) for all a, or else the
/// one with the fewest exceptions: 8-bit integer averages over many ranks have too few values to change each time.
/// </para>
/// <para>
/// Out of reach: data moved by a multiple of 62989 elements, the wrong ranks' values where they are equal (as most are
/// in a product over many ranks), what 8-bit integer averages over more than 127 or 251 ranks, always 0, conceal, and in
/// 8-bit floating-point sums over more than 300 ranks those ranks that never have a part above 0.
/// </para>
/// </remarks>
internal sealed unsafe class TestPattern : BufferPattern
{
    /// <summary>Elements compared at once; only in a piece with a difference is each looked at.</summary>
    private const int Piece = 4096;

    private readonly DataType _type;
    private readonly PatternValues _values;
    private byte[] _expected = [];

    /// <summary>Shows that the work goes on, however much it is.</summary>
    internal RankMark? Mark { get; init; }

    /// <param name="collective">The operation.</param>
    /// <param name="type">The type of its elements.</param>
    /// <param name="reduction">The reduction, where it has one.</param>
    /// <param name="worldSize">The number of ranks.</param>
    public TestPattern(Collective collective, DataType type, Reduction reduction, int worldSize)
    {
        ArgumentNullException.ThrowIfNull(collective);
        ArgumentOutOfRangeException.ThrowIfLessThan(worldSize, 1);
        _type = type;
        _values = new PatternValues(type, collective.Reduces ? reduction : null, worldSize);
    }

    /// <inheritdoc/>
    public override void Fill(nint send, long count, int rank, long seed)
    {
        long laid = Math.Min(count, PositionSequence.Length);
        Lay((byte*)send, rank, start: 0, (int)laid, seed);
        long size = _type.Size();
        for (long done = laid; done < count; done += laid)
        {
            long bytes = Math.Min(laid, count - done) * size;
            Buffer.MemoryCopy((byte*)send, (byte*)send + (done * size), bytes, bytes);
            Mark?.Move();
        }
    }

    /// <inheritdoc/>
    public override void Poison(nint buffer, long bytes)
    {
        const int most = 16 << 20;
        for (long done = 0; done < bytes; done += most)
        {
            new Span<byte>((byte*)buffer + done, (int)Math.Min(most, bytes - done)).Fill(0xFF);
            Mark?.Move();
        }
    }

    /// <inheritdoc/>
    public override CheckResult Check(nint receive, IEnumerable<Segment> expected, long seed, double tolerance)
    {
        ArgumentNullException.ThrowIfNull(expected);
        CheckResult result = default;
        foreach (Segment segment in expected)
        {
            result = _type.Size() switch
            {
                1 => Check<byte>(receive, segment, seed, tolerance, result),
                2 => Check<ushort>(receive, segment, seed, tolerance, result),
                4 => Check<uint>(receive, segment, seed, tolerance, result),
                _ => Check<ulong>(receive, segment, seed, tolerance, result),
            };
        }

        return result;
    }

    private CheckResult Check<T>(nint receive, in Segment segment, long seed, double tolerance, CheckResult result)
        where T : unmanaged, IBinaryInteger<T>
    {
        int laid = (int)Math.Min(segment.Count, PositionSequence.Length);
        if (_expected.Length < laid * sizeof(T))
            _expected = GC.AllocateUninitializedArray<byte>(laid * sizeof(T));
        fixed (byte* expected = _expected)
        {
            Lay(expected, segment.SourceRank, (int)(segment.SourceOffset % PositionSequence.Length), laid, seed);
            long done = 0;
            while (done < segment.Count)
            {
                int place = (int)(done % PositionSequence.Length);
                int count = (int)Math.Min(Math.Min(Piece, laid - place), segment.Count - done);
                byte* right = expected + ((long)place * sizeof(T));
                byte* found = (byte*)receive + ((segment.ReceiveOffset + done) * sizeof(T));
                int bytes = count * sizeof(T);
                if (!new ReadOnlySpan<byte>(found, bytes).SequenceEqual(new ReadOnlySpan<byte>(right, bytes)))
                    result = Count((T*)found, (T*)right, count, segment.ReceiveOffset + done, tolerance, result);
                done += count;
                Mark?.Move();
            }
        }

        return result;
    }

    private CheckResult Count<T>(T* found, T* expected, int count, long index, double tolerance, CheckResult result)
        where T : unmanaged, IBinaryInteger<T>
    {
        bool tolerant = tolerance > 0 && _type.IsFloatingPoint();
        for (int i = 0; i < count; i++)
        {
            if (found[i] == expected[i])
                continue;
            ulong foundBits = ulong.CreateTruncating(found[i]), expectedBits = ulong.CreateTruncating(expected[i]);
            if (tolerant)
            {
                double right = ElementBits.ToDouble(_type, expectedBits);
                // A NaN is within no tolerance.
                if (Math.Abs(ElementBits.ToDouble(_type, foundBits) - right) <= tolerance * Math.Abs(right))
                    continue;
            }

            WrongElement first = result.First ?? new WrongElement(
                index + i, ElementBits.Text(_type, expectedBits), ElementBits.Text(_type, foundBits));
            result = new CheckResult(result.Wrong + 1, first);
        }

        return result;
    }

    /// <summary>
    /// Writes the pattern of a rank, or of the reduction over all, from place <paramref name="start"/> on.
    /// </summary>
    private void Lay(byte* to, int source, int start, int count, long seed)
    {
        int shift = (int)(seed % PositionSequence.Values);
        switch (_type.Size())
        {
            case 1: Lay(to, source, start, count, shift); break;
            case 2: Lay((ushort*)to, source, start, count, shift); break;
            case 4: Lay((uint*)to, source, start, count, shift); break;
            default: Lay((ulong*)to, source, start, count, shift); break;
        }
    }

    [SkipLocalsInit]
    private void Lay<T>(T* to, int source, int start, int count, int shift) where T : unmanaged, IBinaryInteger<T>
    {
        // A table by x, the seed already added; for a few elements it is not worth it.
        const int values = PositionSequence.Values;
        T* table = stackalloc T[values];
        bool tabled = count > values;
        for (int x = 0; tabled && x < values; x++)
            table[x] = T.CreateTruncating(_values.Bits(source, (x + shift) % values));

        int done = 0;
        while (done < count)
        {
            ReadOnlySpan<byte> places = PositionSequence.Elements[start..];
            if (places.Length > count - done)
                places = places[..(count - done)];
            T* run = to + done;
            if (tabled)
            {
                for (int i = 0; i < places.Length; i++)
                    run[i] = table[places[i]];
            }
            else
            {
                for (int i = 0; i < places.Length; i++)
                    run[i] = T.CreateTruncating(_values.Bits(source, (places[i] + shift) % values));
            }

            done += places.Length;
            start = 0;
        }
    }
}
