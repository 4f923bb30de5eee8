using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Nperf.Core.Host;

/// <summary>
/// A sum or product in a 16-bit format: computed in binary32 and rounded to nearest even, which gives the correctly
/// rounded result (binary32 has more than twice the bits).
/// </summary>
internal readonly struct Arithmetic16<TFormat, TOperator> : IOperator<ushort>
    where TFormat : struct, IFormat16
    where TOperator : struct, IOperator<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Combine(ushort left, ushort right) =>
        TFormat.FromSingle(TOperator.Combine(TFormat.ToSingle(left), TFormat.ToSingle(right)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Combine(Vector256<ushort> left, Vector256<ushort> right)
    {
        // Two elements to a 32-bit lane, the even ones in the lower half: no shuffle is needed.
        Vector256<uint> l = left.AsUInt32(), r = right.AsUInt32(), odd = Vector256.Create(0xFFFF_0000);
        Vector256<uint> low = TFormat.FromSingle(
            TOperator.Combine(TFormat.ToSingle(l << 16), TFormat.ToSingle(r << 16)));
        Vector256<uint> high = TFormat.FromSingle(
            TOperator.Combine(TFormat.ToSingle(l & odd), TFormat.ToSingle(r & odd)));
        return (low | (high << 16)).AsUInt16();
    }
}

/// <summary>
/// <see cref="Arithmetic16{TFormat, TOperator}"/> in binary16, where infinities and NaNs cost more than the rest and
/// are rare: vectors without any take a shorter way.
/// </summary>
internal readonly struct Float16Arithmetic<TOperator> : IOperator<ushort> where TOperator : struct, IOperator<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Combine(ushort left, ushort right) =>
        Arithmetic16<Float16Format, TOperator>.Combine(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Combine(Vector256<ushort> left, Vector256<ushort> right)
    {
        Vector256<short> magnitude = Vector256.Create((short)0x7FFF);
        Vector256<short> larger = Vector256.Max(left.AsInt16() & magnitude, right.AsInt16() & magnitude);
        if (Vector256.GreaterThanAny(larger, Vector256.Create((short)(Float16Format.Infinity - 1))))
            return WithSpecialValues(left, right);
        Vector256<uint> l = left.AsUInt32(), r = right.AsUInt32();
        Vector256<uint> low = Float16Format.NumberFromSingle(TOperator.Combine(
            Float16Format.FiniteToSingle(l << 16), Float16Format.FiniteToSingle(r << 16)));
        Vector256<uint> high = Float16Format.NumberFromSingle(TOperator.Combine(
            Float16Format.FiniteToSingle(l), Float16Format.FiniteToSingle(r)));
        return (low | (high << 16)).AsUInt16();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<ushort> WithSpecialValues(Vector256<ushort> left, Vector256<ushort> right) =>
        Arithmetic16<Float16Format, TOperator>.Combine(left, right);
}

/// <summary>
/// Minimum or maximum in a 16-bit format, as <see cref="Min{T}"/> and <see cref="Max{T}"/>, without widening.
/// </summary>
internal readonly struct Extremum16<TFormat, TOperator> : IOperator<ushort>
    where TFormat : struct, IFormat16
    where TOperator : struct, IOperator<short>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Combine(ushort left, ushort right)
    {
        if ((left & 0x7FFF) > TFormat.Infinity)
            return left;
        if ((right & 0x7FFF) > TFormat.Infinity)
            return right;
        return (ushort)Ordered(TOperator.Combine(Ordered((short)left), Ordered((short)right)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ushort> Combine(Vector256<ushort> left, Vector256<ushort> right)
    {
        Vector256<short> l = left.AsInt16(), r = right.AsInt16();
        Vector256<short> result = Ordered(TOperator.Combine(Ordered(l), Ordered(r)));
        return (result | IsNaN(l) | IsNaN(r)).AsUInt16(); // All bits set is a NaN too.
    }

    /// <summary>
    /// Maps the bits to integers of the same order and back: the magnitude of a negative number is inverted.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static short Ordered(short bits) => (short)(bits ^ ((bits >> 15) & 0x7FFF));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Ordered(Vector256<short> bits) =>
        bits ^ ((bits >> 15) & Vector256.Create((short)0x7FFF));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> IsNaN(Vector256<short> bits) =>
        Vector256.GreaterThan(bits & Vector256.Create((short)0x7FFF), Vector256.Create((short)TFormat.Infinity));
}
