using System.Numerics;
using Nperf.Core.Data;

namespace Nperf.Core.Tests.Kernels;

/// <summary>What the kernels must give, one element at a time, by other means than theirs.</summary>
internal static unsafe class ScalarReduction
{
    /// <summary>The bits of left ⊕ right, in the lower bytes.</summary>
    public static ulong Combine(DataType type, Reduction reduction, ulong left, ulong right) => type switch
    {
        DataType.Int8 => (byte)Integer(reduction, (sbyte)left, (sbyte)right),
        DataType.UInt8 => (byte)Integer(reduction, (byte)left, (byte)right),
        DataType.Int32 => (uint)Integer(reduction, (int)left, (int)right),
        DataType.UInt32 => (uint)Integer(reduction, (uint)left, (uint)right),
        DataType.Int64 => Integer(reduction, (long)left, (long)right),
        DataType.UInt64 => Integer(reduction, left, right),
        DataType.Float16 => BitConverter.HalfToUInt16Bits(Floating(
            reduction, BitConverter.UInt16BitsToHalf((ushort)left), BitConverter.UInt16BitsToHalf((ushort)right))),
        DataType.Float32 => BitConverter.SingleToUInt32Bits(Floating(
            reduction, BitConverter.UInt32BitsToSingle((uint)left), BitConverter.UInt32BitsToSingle((uint)right))),
        DataType.Float64 => BitConverter.DoubleToUInt64Bits(Floating(
            reduction, BitConverter.UInt64BitsToDouble(left), BitConverter.UInt64BitsToDouble(right))),
        DataType.BFloat16 => ToBFloat16(Floating(reduction, FromBFloat16(left), FromBFloat16(right))),
        DataType.Float8E4M3 or DataType.Float8E5M2 => OfFloat8(type, reduction, left, right),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The bits of value / divisor, in the lower bytes.</summary>
    public static ulong Divide(DataType type, ulong value, int divisor) => type switch
    {
        DataType.Int8 => (byte)((sbyte)value / divisor),
        DataType.UInt8 => (byte)((byte)value / divisor),
        DataType.Int32 => (uint)((int)value / divisor),
        DataType.UInt32 => (uint)value / (uint)divisor,
        DataType.Int64 => (ulong)((long)value / divisor),
        DataType.UInt64 => value / (ulong)divisor,
        DataType.Float16 => BitConverter.HalfToUInt16Bits(
            (Half)((double)BitConverter.UInt16BitsToHalf((ushort)value) / divisor)),
        DataType.Float32 => BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle((uint)value) / divisor),
        DataType.Float64 => BitConverter.DoubleToUInt64Bits(BitConverter.UInt64BitsToDouble(value) / divisor),
        DataType.BFloat16 => ToBFloat16(FromBFloat16(value) / divisor),
        DataType.Float8E4M3 or DataType.Float8E5M2 => divisor == 1
            ? value
            : ScalarFloat8.FromDouble(type, ScalarFloat8.ToDouble(type, value) / divisor),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>True for the same bits, or two NaNs.</summary>
    public static bool Same(DataType type, ulong a, ulong b) => a == b || (IsNaN(type, a) && IsNaN(type, b));

    public static ulong Read(byte* element, int size)
    {
        ulong bits = 0;
        for (int i = 0; i < size; i++)
            bits |= (ulong)element[i] << (8 * i);
        return bits;
    }

    private static ulong Integer<T>(Reduction reduction, T left, T right) where T : unmanaged, IBinaryInteger<T>
    {
        BigInteger l = BigInteger.CreateChecked(left), r = BigInteger.CreateChecked(right);
        BigInteger result = reduction switch
        {
            Reduction.Sum or Reduction.Avg => l + r,
            Reduction.Prod => l * r,
            Reduction.Min => BigInteger.Min(l, r),
            _ => BigInteger.Max(l, r),
        };
        return (ulong)(result & ulong.MaxValue);
    }

    private static T Floating<T>(Reduction reduction, T left, T right)
        where T : IFloatingPointIeee754<T> => reduction switch
        {
            Reduction.Sum or Reduction.Avg => left + right,
            Reduction.Prod => left * right,
            Reduction.Min => T.Min(left, right),
            _ => T.Max(left, right),
        };

    private static ulong OfFloat8(DataType type, Reduction reduction, ulong left, ulong right)
    {
        double l = ScalarFloat8.ToDouble(type, left), r = ScalarFloat8.ToDouble(type, right);
        double result = Floating(reduction, l, r);
        // An infinity is the larger or the smaller one, but no sum.
        return reduction is Reduction.Min or Reduction.Max && double.IsInfinity(result)
            ? (result == l ? left : right)
            : ScalarFloat8.FromDouble(type, result);
    }

    private static double FromBFloat16(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>The nearer of the two neighbours, ties to the even one, found by distance.</summary>
    private static ulong ToBFloat16(double value)
    {
        if (double.IsNaN(value))
            return 0x7FC0;
        uint sign = double.IsNegative(value) ? 0x8000u : 0;
        double magnitude = Math.Abs(value);
        const double pastLargest = 3.402823669209385e38; // 2^128, where infinity stands among the neighbours.
        uint below = 0, above = 0x7F80;
        while (above - below > 1)
        {
            uint middle = (below + above) / 2;
            if (FromBFloat16(middle) <= magnitude)
                below = middle;
            else
                above = middle;
        }

        double toAbove = (above == 0x7F80 ? pastLargest : FromBFloat16(above)) - magnitude;
        double toBelow = magnitude - FromBFloat16(below);
        return sign | (toBelow < toAbove || (toBelow == toAbove && below % 2 == 0) ? below : above);
    }

    private static bool IsNaN(DataType type, ulong bits) => type switch
    {
        DataType.Float16 => Half.IsNaN(BitConverter.UInt16BitsToHalf((ushort)bits)),
        DataType.BFloat16 => (bits & 0x7FFF) > 0x7F80,
        DataType.Float8E4M3 or DataType.Float8E5M2 => double.IsNaN(ScalarFloat8.ToDouble(type, bits)),
        DataType.Float32 => float.IsNaN(BitConverter.UInt32BitsToSingle((uint)bits)),
        DataType.Float64 => double.IsNaN(BitConverter.UInt64BitsToDouble(bits)),
        _ => false,
    };
}
