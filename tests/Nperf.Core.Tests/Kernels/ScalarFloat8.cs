using Nperf.Core.Data;

namespace Nperf.Core.Tests.Kernels;

/// <summary>The 8-bit floating-point formats by other means than the program's: binary16, and trying every number.</summary>
internal static class ScalarFloat8
{
    public static bool Is(DataType type) => type is DataType.Float8E4M3 or DataType.Float8E5M2;

    public static double ToDouble(DataType type, ulong bits)
    {
        // float8e5m2 is the upper half of binary16; float8e4m3 has one bit less of exponent, and so a bias less by 8.
        if (type == DataType.Float8E5M2)
            return (double)BitConverter.UInt16BitsToHalf((ushort)(bits << 8));
        return (bits & 0x7F) == 0x7F
            ? double.NaN
            : 256 * (double)BitConverter.UInt16BitsToHalf((ushort)(((bits & 0x80) << 8) | ((bits & 0x7F) << 7)));
    }

    /// <summary>The nearest finite number, ties to the even one.</summary>
    public static byte FromDouble(DataType type, double value)
    {
        if (double.IsNaN(value))
            return 0x7F;
        byte largest = type == DataType.Float8E5M2 ? (byte)0x7B : (byte)0x7E, nearest = largest;
        double magnitude = Math.Min(Math.Abs(value), ToDouble(type, largest));
        double least = double.PositiveInfinity;
        for (byte bits = 0; bits <= largest; bits++)
        {
            double distance = Math.Abs(ToDouble(type, bits) - magnitude);
            if (distance < least || (distance == least && bits % 2 == 0))
                (least, nearest) = (distance, bits);
        }

        return (byte)(nearest | (double.IsNegative(value) ? 0x80 : 0));
    }
}
