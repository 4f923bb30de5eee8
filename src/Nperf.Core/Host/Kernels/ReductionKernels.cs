using System.Numerics;
using System.Runtime.Intrinsics;
using Nperf.Core.Data;

namespace Nperf.Core.Host;

/// <summary>
/// The reductions of the host backend. Buffers may lie at any address; integers wrap; min and max are NaN where either
/// side is NaN.
/// </summary>
/// <remarks>
/// Plain stores throughout: what was combined is sent on or read again at once, while it is in the cache.
/// </remarks>
internal static unsafe partial class ReductionKernels
{
    /// <summary>
    /// The kernel that combines two buffers. The average's is the sum's; <see cref="Divide"/> finishes it.
    /// </summary>
    public static ReductionKernel For(DataType type, Reduction reduction) => type switch
    {
        DataType.Int8 => For<sbyte>(reduction),
        DataType.UInt8 => For<byte>(reduction),
        DataType.Int32 => For<int>(reduction),
        DataType.UInt32 => For<uint>(reduction),
        DataType.Int64 => For<long>(reduction),
        DataType.UInt64 => For<ulong>(reduction),
        DataType.Float16 => For16<Float16Format, Float16Arithmetic<Sum<float>>, Float16Arithmetic<Prod<float>>>(
            reduction),
        DataType.Float32 => For<float>(reduction),
        DataType.Float64 => For<double>(reduction),
        DataType.BFloat16 => For16<
            BFloat16Format,
            Arithmetic16<BFloat16Format, Sum<float>>,
            Arithmetic16<BFloat16Format, Prod<float>>>(reduction),
        DataType.Float8E4M3 => For8<Float8E4M3>(reduction),
        DataType.Float8E5M2 => For8<Float8E5M2>(reduction),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a data type"),
    };

    private static ReductionKernel For<T>(Reduction reduction) where T : unmanaged, INumber<T> => new(
        reduction switch
        {
            Reduction.Sum or Reduction.Avg => &Combine<T, Sum<T>>,
            Reduction.Prod => &Combine<T, Prod<T>>,
            Reduction.Min => &Combine<T, Min<T>>,
            Reduction.Max => &Combine<T, Max<T>>,
            _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "not a reduction"),
        },
        sizeof(T));

    private static ReductionKernel For16<TFormat, TSum, TProd>(Reduction reduction)
        where TFormat : struct, IFormat16
        where TSum : struct, IOperator<ushort>
        where TProd : struct, IOperator<ushort> => new(
        reduction switch
        {
            Reduction.Sum or Reduction.Avg => &Combine<ushort, TSum>,
            Reduction.Prod => &Combine<ushort, TProd>,
            Reduction.Min => &Combine<ushort, Extremum16<TFormat, Min<short>>>,
            Reduction.Max => &Combine<ushort, Extremum16<TFormat, Max<short>>>,
            _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "not a reduction"),
        },
        sizeof(ushort));

    private static ReductionKernel For8<TFormat>(Reduction reduction) where TFormat : struct, IFloat8 => new(
        reduction switch
        {
            Reduction.Sum or Reduction.Avg => &Combine8<Arithmetic8<TFormat, Sum<float>>>,
            Reduction.Prod => &Combine8<Arithmetic8<TFormat, Prod<float>>>,
            Reduction.Min => &Combine8<Extremum8<TFormat, Min<float>>>,
            Reduction.Max => &Combine8<Extremum8<TFormat, Max<float>>>,
            _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "not a reduction"),
        },
        sizeof(byte));

    private static void Combine8<TOperator>(byte* destination, byte* left, byte* right, nint count)
        where TOperator : struct, IOperator8
    {
        byte[] results = Table8<TOperator>.Results;
        for (nint i = 0; i < count; i++)
            destination[i] = results[(left[i] << 8) | right[i]];
    }

    private static void Combine<T, TOperator>(byte* destination, byte* left, byte* right, nint count)
        where T : unmanaged
        where TOperator : struct, IOperator<T>
    {
        T* d = (T*)destination, l = (T*)left, r = (T*)right;
        nint step = Vector256<T>.Count;
        nint i = 0;
        for (; i <= count - (4 * step); i += 4 * step)
        {
            Vector256<T> v0 = TOperator.Combine(Vector256.Load(l + i), Vector256.Load(r + i));
            Vector256<T> v1 = TOperator.Combine(Vector256.Load(l + i + step), Vector256.Load(r + i + step));
            Vector256<T> v2 = TOperator.Combine(Vector256.Load(l + i + (2 * step)), Vector256.Load(r + i + (2 * step)));
            Vector256<T> v3 = TOperator.Combine(Vector256.Load(l + i + (3 * step)), Vector256.Load(r + i + (3 * step)));
            v0.Store(d + i);
            v1.Store(d + i + step);
            v2.Store(d + i + (2 * step));
            v3.Store(d + i + (3 * step));
        }

        for (; i <= count - step; i += step)
            TOperator.Combine(Vector256.Load(l + i), Vector256.Load(r + i)).Store(d + i);
        for (; i < count; i++)
            d[i] = TOperator.Combine(l[i], r[i]);
    }
}
