using Nperf.Core.Data;

namespace Nperf.Core.Host;

/// <summary>left ⊕ right of two elements of an 8-bit floating-point format.</summary>
internal interface IOperator8
{
    static abstract byte Combine(byte left, byte right);
}

/// <summary>
/// A sum or product, computed in binary32 and rounded to nearest even, which gives the correctly rounded result.
/// </summary>
internal readonly struct Arithmetic8<TFormat, TOperator> : IOperator8
    where TFormat : struct, IFloat8
    where TOperator : struct, IOperator<float>
{
    public static byte Combine(byte left, byte right) => Float8<TFormat>.FromSingle(
        TOperator.Combine(Float8<TFormat>.ToSingle(left), Float8<TFormat>.ToSingle(right)));
}

/// <summary>Minimum or maximum, as <see cref="Min{T}"/> and <see cref="Max{T}"/>: one of the two, infinities too.</summary>
internal readonly struct Extremum8<TFormat, TOperator> : IOperator8
    where TFormat : struct, IFloat8
    where TOperator : struct, IOperator<float>
{
    public static byte Combine(byte left, byte right)
    {
        float l = Float8<TFormat>.ToSingle(left), r = Float8<TFormat>.ToSingle(right);
        if (float.IsNaN(l))
            return left;
        if (float.IsNaN(r))
            return right;
        // By their bits: zeros of either sign are equal.
        int result = BitConverter.SingleToInt32Bits(TOperator.Combine(l, r));
        return result == BitConverter.SingleToInt32Bits(l) ? left : right;
    }
}

/// <summary>The results of an operator for every pair of elements, the left one in the upper 8 bits of the index.</summary>
internal static class Table8<TOperator> where TOperator : struct, IOperator8
{
    public static readonly byte[] Results =
        [.. Enumerable.Range(0, 0x10000).Select(pair => TOperator.Combine((byte)(pair >> 8), (byte)pair))];
}
