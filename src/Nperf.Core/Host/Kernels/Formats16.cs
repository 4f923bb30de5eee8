using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Nperf.Core.Data;

namespace Nperf.Core.Host;

/// <summary>A 16-bit floating-point format, computed with as binary32.</summary>
internal interface IFormat16
{
    /// <summary>The bits of positive infinity; every larger magnitude is a NaN.</summary>
    static abstract ushort Infinity { get; }

    static abstract float ToSingle(ushort bits);

    /// <summary>Rounds to nearest, ties to even; a NaN stays a NaN.</summary>
    static abstract ushort FromSingle(float value);

    /// <summary>The values of elements in the upper 16 bits of each lane; the lower 16 bits are 0.</summary>
    static abstract Vector256<float> ToSingle(Vector256<uint> upper);

    /// <summary>As the other, into the lower 16 bits of each lane; the upper 16 bits are 0.</summary>
    static abstract Vector256<uint> FromSingle(Vector256<float> value);
}

/// <summary>bfloat16.</summary>
internal readonly struct BFloat16Format : IFormat16
{
    public static ushort Infinity => 0x7F80;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(ushort bits) => new BFloat16(bits).ToSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort FromSingle(float value) => BFloat16.FromSingle(value).Bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToSingle(Vector256<uint> upper) => upper.AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> FromSingle(Vector256<float> value)
    {
        Vector256<uint> bits = value.AsUInt32();
        Vector256<uint> upper = bits >>> 16;
        Vector256<uint> rounded = (bits + Vector256.Create(0x7FFFu) + (upper & Vector256.Create(1u))) >>> 16;
        return Vector256.ConditionalSelect(
            Vector256.Equals(value, value).AsUInt32(), rounded, upper | Vector256.Create(0x40u));
    }
}

/// <summary>IEEE 754 binary16.</summary>
internal readonly struct Float16Format : IFormat16
{
    private const uint SignMask = 0x8000_0000;
    private const uint ExponentMask = 0x7F80_0000;

    // Binary32 patterns of powers of two.
    private const uint TwoToMinus14 = 0x3880_0000; // The smallest normal binary16.
    private const uint TwoTo16 = 0x4780_0000;      // The first magnitude past the largest exponent of binary16.

    public static ushort Infinity => 0x7C00;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(ushort bits) => (float)BitConverter.UInt16BitsToHalf(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort FromSingle(float value) => BitConverter.HalfToUInt16Bits((Half)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ToSingle(Vector256<uint> upper)
    {
        // Exponent and mantissa moved to their places in binary32 are the value times 2^(15-127), subnormal or not.
        Vector256<uint> sign = upper & Vector256.Create(SignMask);
        Vector256<uint> magnitude = (upper ^ sign) >>> 3;
        Vector256<uint> value = (magnitude.AsSingle() * Vector256.Create(float.ScaleB(1, 112))).AsUInt32();
        // Infinity and NaN have the largest exponent in both formats.
        Vector256<uint> special = Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create(0x0F7F_FFFF)).AsUInt32();
        return (value | (special & Vector256.Create(ExponentMask)) | sign).AsSingle();
    }

    /// <summary>
    /// As <see cref="ToSingle(Vector256{uint})"/> of finite values; the lower 16 bits may be anything.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FiniteToSingle(Vector256<uint> upper)
    {
        Vector256<int> moved = (upper.AsInt32() >> 3) & Vector256.Create(unchecked((int)0x8FFF_E000));
        return moved.AsSingle() * Vector256.Create(float.ScaleB(1, 112));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> FromSingle(Vector256<float> value) => Vector256.ConditionalSelect(
        Vector256.Equals(value, value).AsUInt32(), NumberFromSingle(value), Vector256.Create(0x7E00u));

    /// <summary>As <see cref="FromSingle(Vector256{float})"/> of anything but a NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> NumberFromSingle(Vector256<float> value)
    {
        Vector256<uint> bits = value.AsUInt32();
        Vector256<uint> sign = bits & Vector256.Create(SignMask);
        // Non-negative, so that signed comparisons, which every machine has, serve.
        Vector256<int> magnitude = (bits ^ sign).AsInt32();
        Vector256<int> clamped = Vector256.Min(magnitude, Vector256.Create((int)TwoTo16));
        // The power of two at or below the value; for a subnormal result that of the smallest normal number.
        Vector256<int> power = Vector256.Max(clamped, Vector256.Create((int)TwoToMinus14))
            & Vector256.Create((int)ExponentMask);
        // Added to a number 2^13 times that power, the value is rounded by the addition itself, to nearest even, at the
        // last of binary16's 11 bits, which then stand at the bottom of the mantissa, with the leading one.
        Vector256<int> anchor = power + Vector256.Create(13 << 23);
        Vector256<int> mantissa = (clamped.AsSingle() + anchor.AsSingle()).AsInt32() - anchor;
        // The leading one (or a carry out of the rounding) adds itself to the exponent.
        Vector256<int> result = mantissa + ((power - Vector256.Create((int)TwoToMinus14)) >>> 13);
        return result.AsUInt32() | (sign >>> 16);
    }
}
