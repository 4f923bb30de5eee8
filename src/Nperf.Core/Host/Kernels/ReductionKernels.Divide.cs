using System.Runtime.Intrinsics;
using Nperf.Core.Data;

namespace Nperf.Core.Host;

internal static unsafe partial class ReductionKernels
{
    /// <summary>
    /// Finishes an average in place: integers truncate towards zero, floating point is rounded to nearest even. The 8-
    /// and 16-bit formats divide in binary32 first, which is correctly rounded up to a divisor of 2047.
    /// </summary>
    public static void Divide(DataType type, byte* buffer, nint count, int divisor)
    {
        if (divisor == 1)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThan(divisor, 1);
        switch (type)
        {
            case DataType.Int8: DivideInt8((sbyte*)buffer, count, (uint)divisor); break;
            case DataType.UInt8: DivideUInt8(buffer, count, (uint)divisor); break;
            case DataType.Int32: DivideInt32((int*)buffer, count, (uint)divisor); break;
            case DataType.UInt32: DivideUInt32((uint*)buffer, count, (uint)divisor); break;
            case DataType.Int64: DivideInt64((long*)buffer, count, divisor); break;
            case DataType.UInt64: DivideUInt64((ulong*)buffer, count, (uint)divisor); break;
            case DataType.Float16: Divide16<Float16Format>((ushort*)buffer, count, divisor); break;
            case DataType.Float32: DivideFloat32((float*)buffer, count, divisor); break;
            case DataType.Float64: DivideFloat64((double*)buffer, count, divisor); break;
            case DataType.BFloat16: Divide16<BFloat16Format>((ushort*)buffer, count, divisor); break;
            case DataType.Float8E4M3: Divide8<Float8E4M3>(buffer, count, divisor); break;
            case DataType.Float8E5M2: Divide8<Float8E5M2>(buffer, count, divisor); break;
            default: throw new ArgumentOutOfRangeException(nameof(type), type, "not a data type");
        }
    }

    /// <summary>
    /// The reciprocal r = ceil(2^64 / divisor), for a divisor above 1: floor(x · r / 2^64) is x / divisor exactly
    /// for every 32-bit x, since x · (r · divisor - 2^64) is below 2^64. One multiplication instead of a division;
    /// there is no vector instruction for either.
    /// </summary>
    private static ulong Reciprocal(uint divisor) => (ulong.MaxValue / divisor) + 1;

    private static uint Quotient(uint value, ulong reciprocal) => (uint)Math.BigMul(value, reciprocal, out _);

    private static int Quotient(int value, ulong reciprocal)
    {
        int sign = value >> 31;
        return ((int)Quotient((uint)((value ^ sign) - sign), reciprocal) ^ sign) - sign;
    }

    private static void DivideInt8(sbyte* buffer, nint count, uint divisor)
    {
        ulong reciprocal = Reciprocal(divisor);
        for (nint i = 0; i < count; i++)
            buffer[i] = (sbyte)Quotient((int)buffer[i], reciprocal);
    }

    private static void DivideUInt8(byte* buffer, nint count, uint divisor)
    {
        ulong reciprocal = Reciprocal(divisor);
        for (nint i = 0; i < count; i++)
            buffer[i] = (byte)Quotient((uint)buffer[i], reciprocal);
    }

    private static void DivideInt32(int* buffer, nint count, uint divisor)
    {
        ulong reciprocal = Reciprocal(divisor);
        for (nint i = 0; i < count; i++)
            buffer[i] = Quotient(buffer[i], reciprocal);
    }

    private static void DivideUInt32(uint* buffer, nint count, uint divisor)
    {
        ulong reciprocal = Reciprocal(divisor);
        for (nint i = 0; i < count; i++)
            buffer[i] = Quotient(buffer[i], reciprocal);
    }

    private static void DivideInt64(long* buffer, nint count, long divisor)
    {
        for (nint i = 0; i < count; i++)
            buffer[i] /= divisor;
    }

    private static void DivideUInt64(ulong* buffer, nint count, ulong divisor)
    {
        for (nint i = 0; i < count; i++)
            buffer[i] /= divisor;
    }

    private static void DivideFloat32(float* buffer, nint count, float divisor)
    {
        nint i = 0;
        for (; i <= count - Vector256<float>.Count; i += Vector256<float>.Count)
            (Vector256.Load(buffer + i) / Vector256.Create(divisor)).Store(buffer + i);
        for (; i < count; i++)
            buffer[i] /= divisor;
    }

    private static void DivideFloat64(double* buffer, nint count, double divisor)
    {
        nint i = 0;
        for (; i <= count - Vector256<double>.Count; i += Vector256<double>.Count)
            (Vector256.Load(buffer + i) / Vector256.Create(divisor)).Store(buffer + i);
        for (; i < count; i++)
            buffer[i] /= divisor;
    }

    private static void Divide16<TFormat>(ushort* buffer, nint count, float divisor) where TFormat : struct, IFormat16
    {
        Vector256<float> divisors = Vector256.Create(divisor);
        nint i = 0;
        for (; i <= count - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            Vector256<uint> pair = Vector256.Load(buffer + i).AsUInt32();
            Vector256<uint> low = TFormat.FromSingle(TFormat.ToSingle(pair << 16) / divisors);
            Vector256<uint> high = TFormat.FromSingle(
                TFormat.ToSingle(pair & Vector256.Create(0xFFFF_0000)) / divisors);
            (low | (high << 16)).AsUInt16().Store(buffer + i);
        }

        for (; i < count; i++)
            buffer[i] = TFormat.FromSingle(TFormat.ToSingle(buffer[i]) / divisor);
    }

    private static void Divide8<TFormat>(byte* buffer, nint count, float divisor) where TFormat : struct, IFloat8
    {
        // Where there are more elements than values, each value is divided once.
        byte* quotients = stackalloc byte[256];
        bool tabled = count > 256;
        for (int bits = 0; tabled && bits < 256; bits++)
            quotients[bits] = Float8<TFormat>.FromSingle(Float8<TFormat>.ToSingle((byte)bits) / divisor);
        for (nint i = 0; i < count; i++)
        {
            buffer[i] = tabled
                ? quotients[buffer[i]]
                : Float8<TFormat>.FromSingle(Float8<TFormat>.ToSingle(buffer[i]) / divisor);
        }
    }
}
