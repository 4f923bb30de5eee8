using CsCheck;
using Nperf.Core.Data;
using Nperf.Core.Host;

namespace Nperf.Core.Tests.Kernels;

public unsafe class ReductionKernelTests
{
    private const int Guard = 64;

    public static TheoryData<DataType, Reduction> Kernels()
    {
        var data = new TheoryData<DataType, Reduction>();
        foreach (DataType type in DataTypes.All)
        {
            foreach (Reduction reduction in Reductions.All)
                data.Add(type, reduction);
        }

        return data;
    }

    public static TheoryData<DataType> Types() => [.. DataTypes.All];

    private static IEnumerable<int> Counts() =>
        [.. Enumerable.Range(0, 71), 127, 128, 129, 130, 255, 256, 257, 511, 1023, 1024, 1025];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Combines_every_count_at_any_address(DataType type, Reduction reduction)
    {
        var random = new Random(1);
        foreach (int count in Counts())
        {
            for (int misalignment = 0; misalignment < 3; misalignment++)
                CombineOnce(type, reduction, count, random, misalignment, Aliasing.None);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_destination_may_be_either_operand(DataType type, Reduction reduction)
    {
        var random = new Random(2);
        foreach (int count in Counts())
        {
            CombineOnce(type, reduction, count, random, 1, Aliasing.DestinationIsLeft);
            CombineOnce(type, reduction, count, random, 1, Aliasing.DestinationIsRight);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Combines_random_buffers_as_one_element_at_a_time(DataType type, Reduction reduction) =>
        Gen.Select(Gen.Int[0, 3000], Gen.Int[0, 15], Gen.Int).Sample(
            (count, misalignment, seed) =>
                CombineOnce(type, reduction, count, new Random(seed), misalignment, Aliasing.None),
            iter: 50);

    [Theory]
    [MemberData(nameof(Types))]
    public void Divides_every_count_and_divisor(DataType type)
    {
        var random = new Random(3);
        int size = type.Size();
        foreach (int count in Counts())
        {
            foreach (int divisor in (int[])[1, 2, 3, 7, 8, 127, 128, 129, 300, 1000, 2047])
            {
                byte[] buffer = Operand(type, count, random, 1);
                byte[] before = [.. buffer];
                fixed (byte* data = buffer, original = before)
                {
                    ReductionKernels.Divide(type, data + 1, count, divisor);
                    for (int i = 0; i < count; i++)
                    {
                        ulong value = ScalarReduction.Read(original + 1 + (i * size), size);
                        ulong found = ScalarReduction.Read(data + 1 + (i * size), size);
                        ulong expected = ScalarReduction.Divide(type, value, divisor);
                        Assert.True(
                            ScalarReduction.Same(type, expected, found),
                            $"{type} {value:x} / {divisor} is {expected:x}, found {found:x} at {i} of {count}");
                    }
                }

                Assert.Equal(before[0], buffer[0]);
                Assert.Equal(before[(1 + (count * size))..], buffer[(1 + (count * size))..]);
            }
        }
    }

    [Fact]
    public void An_average_of_large_integers_truncates_towards_zero()
    {
        int[] values = [int.MinValue, int.MinValue + 1, -7, -1, 0, 1, 7, int.MaxValue];
        foreach (int divisor in (int[])[2, 3, 7, 1000, int.MaxValue])
        {
            int[] quotients = [.. values];
            fixed (int* data = quotients)
                ReductionKernels.Divide(DataType.Int32, (byte*)data, quotients.Length, divisor);
            Assert.Equal(values.Select(value => value / divisor), quotients);
        }
    }

    [Fact]
    public void A_divisor_below_one_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => ReductionKernels.Divide(DataType.Int32, null, 0, 0));

    [Theory]
    [InlineData(DataType.Float16, 0x7C00)]
    [InlineData(DataType.BFloat16, 0x7F80)]
    public void Sixteen_bit_formats_agree_for_every_pattern_against_many_others(DataType type, int infinity)
    {
        // Every value against zeros, one, subnormals, rounding ties, the largest, infinities and NaNs, and random ones.
        var random = new Random(4);
        List<ushort> others =
        [
            0, 0x8000, 1, 0x8001, 2, (ushort)(infinity - 1), (ushort)infinity, (ushort)(infinity | 0x8000),
            (ushort)(infinity + 1), 0xFFFF, 0x3C00, 0x3800, 0xBC00, 0x3F80, 0x3F00, 0x0400, 0x03FF, 0x0080, 0x007F,
        ];
        for (int i = 0; i < 20; i++)
            others.Add((ushort)random.Next(0x10000));

        ushort[] left = [.. Enumerable.Range(0, 0x10000).Select(bits => (ushort)bits)];
        ushort[] right = new ushort[left.Length];
        ushort[] found = new ushort[left.Length];
        foreach (Reduction reduction in Reductions.All)
        {
            ReductionKernel kernel = ReductionKernels.For(type, reduction);
            foreach (ushort other in others)
            {
                Array.Fill(right, other);
                fixed (ushort* d = found, l = left, r = right)
                    kernel.Combine((byte*)d, (byte*)l, (byte*)r, left.Length);
                for (int i = 0; i < left.Length; i++)
                {
                    ulong expected = ScalarReduction.Combine(type, reduction, left[i], other);
                    if (!ScalarReduction.Same(type, expected, found[i]))
                        Assert.Fail($"{type} {reduction} {left[i]:x} {other:x}: {expected:x}, found {found[i]:x}");
                }
            }
        }
    }

    [Theory]
    [InlineData(DataType.Float8E4M3)]
    [InlineData(DataType.Float8E5M2)]
    public void Eight_bit_formats_agree_for_every_pair_of_patterns(DataType type)
    {
        byte[] left = [.. Enumerable.Range(0, 0x10000).Select(pair => (byte)(pair >> 8))];
        byte[] right = [.. Enumerable.Range(0, 0x10000).Select(pair => (byte)pair)];
        byte[] found = new byte[left.Length];
        foreach (Reduction reduction in Reductions.All)
        {
            fixed (byte* d = found, l = left, r = right)
                ReductionKernels.For(type, reduction).Combine(d, l, r, left.Length);
            for (int i = 0; i < left.Length; i++)
            {
                ulong expected = ScalarReduction.Combine(type, reduction, left[i], right[i]);
                if (!ScalarReduction.Same(type, expected, found[i]))
                    Assert.Fail($"{type} {reduction} {left[i]:x} {right[i]:x}: {expected:x}, found {found[i]:x}");
            }
        }
    }

    private enum Aliasing
    {
        None,
        DestinationIsLeft,
        DestinationIsRight,
    }

    private static void CombineOnce(
        DataType type, Reduction reduction, int count, Random random, int misalignment, Aliasing aliasing)
    {
        ReductionKernel kernel = ReductionKernels.For(type, reduction);
        int size = type.Size();
        Assert.Equal(size, kernel.ElementSize);
        byte[] leftBefore = Operand(type, count, random, misalignment);
        byte[] rightBefore = Operand(type, count, random, 2 * misalignment);
        byte[] left = [.. leftBefore], right = [.. rightBefore];
        byte[] apart = Operand(type, count, random, 3 * misalignment);
        byte[] destination = aliasing switch
        {
            Aliasing.DestinationIsLeft => left,
            Aliasing.DestinationIsRight => right,
            _ => apart,
        };
        int start = aliasing switch
        {
            Aliasing.DestinationIsLeft => misalignment,
            Aliasing.DestinationIsRight => 2 * misalignment,
            _ => 3 * misalignment,
        };
        byte[] destinationBefore = [.. destination];

        fixed (byte* l = left, r = right, d = destination, l0 = leftBefore, r0 = rightBefore)
        {
            kernel.Combine(d + start, l + misalignment, r + (2 * misalignment), count);
            for (int i = 0; i < count; i++)
            {
                ulong a = ScalarReduction.Read(l0 + misalignment + (i * size), size);
                ulong b = ScalarReduction.Read(r0 + (2 * misalignment) + (i * size), size);
                ulong found = ScalarReduction.Read(d + start + (i * size), size);
                ulong expected = ScalarReduction.Combine(type, reduction, a, b);
                if (!ScalarReduction.Same(type, expected, found))
                {
                    Assert.Fail(
                        $"{type} {reduction} of {a:x} and {b:x} is {expected:x}, found {found:x} at {i} of {count}");
                }
            }
        }

        // Nothing around the result was touched, nor the operands.
        Assert.Equal(destinationBefore[..start], destination[..start]);
        Assert.Equal(destinationBefore[(start + (count * size))..], destination[(start + (count * size))..]);
        if (aliasing != Aliasing.DestinationIsLeft)
            Assert.Equal(leftBefore, left);
        if (aliasing != Aliasing.DestinationIsRight)
            Assert.Equal(rightBefore, right);
    }

    /// <summary>Random bits with the values among them at which arithmetic is special.</summary>
    private static byte[] Operand(DataType type, int count, Random random, int start)
    {
        int size = type.Size();
        byte[] buffer = new byte[start + (count * size) + Guard];
        random.NextBytes(buffer);
        ulong[] special = type switch
        {
            DataType.Float16 => [0, 0x8000, 0x7C00, 0xFC00, 0x7E00, 1, 0x7BFF, 0x3C00],
            DataType.BFloat16 => [0, 0x8000, 0x7F80, 0xFF80, 0x7FC0, 1, 0x7F7F, 0x3F80],
            DataType.Float8E4M3 => [0, 0x80, 0x7E, 0xFE, 0x7F, 0xFF, 1, 0x38],
            DataType.Float8E5M2 => [0, 0x80, 0x7C, 0xFC, 0x7E, 0x7B, 1, 0x3C],
            DataType.Float32 => [0, 0x8000_0000, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 1, 0x3F80_0000],
            DataType.Float64 => [0, 1UL << 63, 0x7FFUL << 52, 0xFFFUL << 52, 0x7FF8UL << 48, 1, 0x3FFUL << 52],
            _ => [0, 1, ulong.MaxValue, 1UL << ((8 * size) - 1), (1UL << ((8 * size) - 1)) - 1],
        };
        for (int i = 0; i < count; i++)
        {
            if (random.Next(3) != 0)
                continue;
            byte[] bits = BitConverter.GetBytes(special[random.Next(special.Length)]);
            bits.AsSpan(0, size).CopyTo(buffer.AsSpan(start + (i * size)));
        }

        return buffer;
    }
}
