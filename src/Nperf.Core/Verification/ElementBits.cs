using System.Globalization;
using Nperf.Core.Data;

namespace Nperf.Core.Verification;

/// <summary>Elements as their bits, in the lower bytes of 64.</summary>
internal static class ElementBits
{
    /// <summary>The bits of <paramref name="value"/>, which the type holds exactly.</summary>
    public static ulong FromInteger(DataType type, long value) => type switch
    {
        DataType.Float16 => BitConverter.HalfToUInt16Bits((Half)value),
        DataType.BFloat16 => BFloat16.FromSingle(value).Bits,
        DataType.Float8E4M3 => Float8<Float8E4M3>.FromSingle(value),
        DataType.Float8E5M2 => Float8<Float8E5M2>.FromSingle(value),
        DataType.Float32 => BitConverter.SingleToUInt32Bits(value),
        DataType.Float64 => BitConverter.DoubleToUInt64Bits(value),
        _ => (ulong)value,
    };

    /// <summary>The value of an element of a floating-point type.</summary>
    public static double ToDouble(DataType type, ulong bits) => type switch
    {
        DataType.Float16 => (double)BitConverter.UInt16BitsToHalf((ushort)bits),
        DataType.BFloat16 => new BFloat16((ushort)bits).ToSingle(),
        DataType.Float8E4M3 => Float8<Float8E4M3>.ToSingle((byte)bits),
        DataType.Float8E5M2 => Float8<Float8E5M2>.ToSingle((byte)bits),
        DataType.Float32 => BitConverter.UInt32BitsToSingle((uint)bits),
        DataType.Float64 => BitConverter.UInt64BitsToDouble(bits),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a floating-point type"),
    };

    /// <summary>
    /// The value for a person, with the bits where those say more: of a NaN, and of what was never written.
    /// </summary>
    public static string Text(DataType type, ulong bits)
    {
        int size = type.Size();
        string value = type switch
        {
            DataType.Int8 => ((sbyte)bits).ToString(CultureInfo.InvariantCulture),
            DataType.Int32 => ((int)bits).ToString(CultureInfo.InvariantCulture),
            DataType.Int64 => ((long)bits).ToString(CultureInfo.InvariantCulture),
            DataType.UInt8 or DataType.UInt32 or DataType.UInt64 => bits.ToString(CultureInfo.InvariantCulture),
            DataType.Float32 => BitConverter.UInt32BitsToSingle((uint)bits).ToString("R", CultureInfo.InvariantCulture),
            _ => ToDouble(type, bits).ToString("R", CultureInfo.InvariantCulture),
        };
        string hex = $"0x{bits.ToString($"x{2 * size}", CultureInfo.InvariantCulture)}";
        if (bits == ulong.MaxValue >> (64 - (8 * size)))
            return $"{value} ({hex}, not written)";
        return value == "NaN" ? $"{value} ({hex})" : value;
    }
}
