using Nperf.Core.Data;
using Nperf.Core.Tests.Kernels;

namespace Nperf.Core.Tests.Algorithms;

/// <summary>Small whole numbers whose reductions over up to 16 ranks are exact in every type.</summary>
internal static unsafe class Values
{
    /// <summary>Element <paramref name="index"/> of the send buffer of <paramref name="rank"/>.</summary>
    public static int Of(DataType type, Reduction reduction, int rank, long index)
    {
        long mixed = 5 * rank + 3 * index + index / 7 + index / 1021;
        if (reduction == Reduction.Prod) return (mixed & 3) == 0 ? 2 : 1;
        if (ScalarFloat8.Is(type))
            return (mixed & 3) == 0 ? 2 : (mixed & 7) == 1 ? -1 : 0; // float8e5m2 has no integers between 8 and 10.
        int lowest = type is DataType.UInt8 or DataType.UInt32 or DataType.UInt64 ? 0 : -3;
        return (int)(mixed & 7) + lowest;
    }

    /// <summary>The reduction over all ranks, with real division for the average.</summary>
    public static double Reduced(DataType type, Reduction reduction, int worldSize, long index)
    {
        long result = Of(type, reduction, 0, index);
        for (int rank = 1; rank < worldSize; rank++)
        {
            int value = Of(type, reduction, rank, index);
            result = reduction switch
            {
                Reduction.Prod => result * value,
                Reduction.Min => Math.Min(result, value),
                Reduction.Max => Math.Max(result, value),
                _ => result + value,
            };
        }

        return reduction == Reduction.Avg ? result / (double)worldSize : result;
    }

    /// <summary>Stores the nearest value of the type; integers truncate.</summary>
    public static void Store(DataType type, byte* data, long index, double value)
    {
        switch (type)
        {
            case DataType.Int8: ((sbyte*)data)[index] = (sbyte)value; break;
            case DataType.UInt8: data[index] = (byte)value; break;
            case DataType.Int32: ((int*)data)[index] = (int)value; break;
            case DataType.UInt32: ((uint*)data)[index] = (uint)value; break;
            case DataType.Int64: ((long*)data)[index] = (long)value; break;
            case DataType.UInt64: ((ulong*)data)[index] = (ulong)value; break;
            case DataType.Float16: ((Half*)data)[index] = (Half)value; break;
            case DataType.Float32: ((float*)data)[index] = (float)value; break;
            case DataType.Float64: ((double*)data)[index] = value; break;
            case DataType.Float8E4M3:
            case DataType.Float8E5M2: data[index] = ScalarFloat8.FromDouble(type, value); break;
            case DataType.BFloat16: ((ushort*)data)[index] = BFloat16((float)value); break;
            default: throw new ArgumentOutOfRangeException(nameof(type));
        }
    }

    private static ushort BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
