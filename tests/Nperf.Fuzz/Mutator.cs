using System.Buffers.Binary;

namespace Nperf.Fuzz;

/// <summary>Changes inputs: bits, lengths, numbers in text, parts that are cut, repeated, moved, or taken from another input.</summary>
internal sealed class Mutator(Prng random)
{
    /// <summary>The longest input.</summary>
    public const int Longest = 64 << 10;

    /// <summary>Where growing by repetition usually ends: long inputs take long.</summary>
    private const int Usual = 2 << 10;

    private static readonly byte[] Telling = "\0\u0001\u007f\u0080\u00ff \n\r\t,:;-+./[]{}()\"\\%=0123456789aAfFxXeEkKmMtT"u8.ToArray();

    private static readonly byte[][] Words =
    [
        .. new[]
        {
            "null", "true", "[]", "{}", "[null]", "\"\"", "-1", "0", "1e999", "-0", "0x", "4294967295", "4294967296", "2147483648",
            "-2147483648", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e-400", "0.1", "NaN", "\\u0000",
            "\\ud800", "\u2028", "\ufeff", "\u0661", "\r\n", "\n\n", " NCCL INFO ", "all", "0-8191", "--", "-", "=", "::", "[::1]:",
        }.Select(Prng.Utf8),
    ];

    private readonly byte[] _bytes = new byte[Longest];
    private readonly byte[] _part = new byte[Longest];
    private int _length;

    /// <summary>A changed <paramref name="input"/>: good until the next call. <paramref name="other"/> gives parts.</summary>
    public ReadOnlyMemory<byte> Mutate(ReadOnlySpan<byte> input, ReadOnlySpan<byte> other)
    {
        _length = Math.Min(input.Length, Longest);
        input[.._length].CopyTo(_bytes);
        int changes = random.OneIn(4) ? random.From(2, 6) : 1;
        for (int i = 0; i < changes; i++) Change(other);
        return _bytes.AsMemory(0, _length);
    }

    private void Change(ReadOnlySpan<byte> other)
    {
        switch (random.Below(12))
        {
            case 0:
                if (_length > 0) _bytes[random.Below(_length)] ^= (byte)(1 << random.Below(8));
                break;
            case 1:
                if (_length > 0) _bytes[random.Below(_length)] = (byte)random.Next();
                break;
            case 2:
                if (_length > 0) _bytes[random.Below(_length)] = random.Pick(Telling);
                break;
            case 3:
                WriteNumber();
                break;
            case 4:
                ReplaceDigits();
                break;
            case 5:
                _length = random.Below(_length + 1);
                break;
            case 6:
                (int start, int length) = Range();
                Replace(start, length, []);
                break;
            case 7:
                Repeat();
                break;
            case 8:
                Replace(random.Below(_length + 1), 0, random.Pick(Words));
                break;
            case 9:
                Replace(random.Below(_length + 1), 0, random.Bytes(random.From(1, 8)));
                break;
            case 10:
                Splice(other);
                break;
            default:
                Swap();
                break;
        }
    }

    // Lengths and counts are 2, 4 or 8 bytes, of either order.
    private void WriteNumber()
    {
        int size = 1 << random.From(1, 3);
        if (_length < size) return;
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, random.Number());
        number = number[..size];
        if (random.OneIn(2)) number.Reverse();
        number.CopyTo(_bytes.AsSpan(random.Below(_length - size + 1)));
    }

    private void ReplaceDigits()
    {
        if (_length == 0) return;
        int from = random.Below(_length);
        int start = _bytes.AsSpan(from, _length - from).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (start < 0) return;
        start += from;
        int end = start;
        while (end < _length && _bytes[end] is >= (byte)'0' and <= (byte)'9') end++;
        Span<byte> digits = stackalloc byte[24];
        random.Number().TryFormat(digits, out int written);
        Replace(start, end - start, digits[..written]);
    }

    private void Repeat()
    {
        (int start, int length) = Range();
        if (length == 0) return;
        int room = (random.OneIn(512) ? Longest : Math.Min(Longest, Math.Max(Usual, _length))) - _length;
        int times = Math.Min(room / length, random.OneIn(3) ? int.MaxValue : random.From(1, 4));
        if (times <= 0) return;
        Span<byte> tail = _part.AsSpan(0, _length - start - length);
        _bytes.AsSpan(start + length, tail.Length).CopyTo(tail);
        for (int i = 1; i <= times; i++) _bytes.AsSpan(start, length).CopyTo(_bytes.AsSpan(start + (i * length)));
        tail.CopyTo(_bytes.AsSpan(start + ((times + 1) * length)));
        _length += times * length;
    }

    private void Splice(ReadOnlySpan<byte> other)
    {
        if (other.Length == 0) return;
        int start = random.Below(other.Length);
        int length = Math.Min(random.From(1, other.Length - start), Usual);
        (int at, int gone) = random.OneIn(2) ? Range() : (random.Below(_length + 1), 0);
        Replace(at, gone, other.Slice(start, length));
    }

    private void Swap()
    {
        if (_length < 2) return;
        int length = random.From(1, Math.Min(16, _length / 2));
        int first = random.Below(_length - (2 * length) + 1);
        int second = random.From(first + length, _length - length);
        Span<byte> kept = _part.AsSpan(0, length);
        _bytes.AsSpan(first, length).CopyTo(kept);
        _bytes.AsSpan(second, length).CopyTo(_bytes.AsSpan(first));
        kept.CopyTo(_bytes.AsSpan(second));
    }

    private (int Start, int Length) Range()
    {
        if (_length == 0) return (0, 0);
        int start = random.Below(_length);
        return (start, random.From(1, Math.Min(_length - start, random.OneIn(4) ? _length : 16)));
    }

    private void Replace(int start, int length, ReadOnlySpan<byte> with)
    {
        int tail = _length - start - length;
        if (start + with.Length + tail > Longest) return;
        _bytes.AsSpan(start + length, tail).CopyTo(_bytes.AsSpan(start + with.Length));
        with.CopyTo(_bytes.AsSpan(start));
        _length = start + with.Length + tail;
    }
}
