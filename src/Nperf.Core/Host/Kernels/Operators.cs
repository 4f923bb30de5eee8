using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Nperf.Core.Host;

/// <summary>
/// left ⊕ right, of one element and of a vector of them. Both give the same bits, NaN payloads apart.
/// </summary>
internal interface IOperator<T> where T : unmanaged
{
    static abstract T Combine(T left, T right);

    static abstract Vector256<T> Combine(Vector256<T> left, Vector256<T> right);
}

/// <summary>Integers wrap.</summary>
internal readonly struct Sum<T> : IOperator<T> where T : unmanaged, INumber<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T left, T right) => unchecked(left + right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Combine(Vector256<T> left, Vector256<T> right) => left + right;
}

/// <summary>Integers wrap.</summary>
internal readonly struct Prod<T> : IOperator<T> where T : unmanaged, INumber<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T left, T right) => unchecked(left * right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Combine(Vector256<T> left, Vector256<T> right) => left * right;
}

/// <summary>IEEE 754 minimum: NaN if either is NaN, and -0 below +0.</summary>
internal readonly struct Min<T> : IOperator<T> where T : unmanaged, INumber<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T left, T right) => T.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Combine(Vector256<T> left, Vector256<T> right) => Vector256.Min(left, right);
}

/// <summary>IEEE 754 maximum: NaN if either is NaN, and -0 below +0.</summary>
internal readonly struct Max<T> : IOperator<T> where T : unmanaged, INumber<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Combine(T left, T right) => T.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Combine(Vector256<T> left, Vector256<T> right) => Vector256.Max(left, right);
}
