using System.Numerics;
using Nperf.Core.Data;

namespace Nperf.Core.NcclBackend;

/// <summary>How exact NCCL's averages are.</summary>
internal static class NcclAverage
{
    /// <summary>The 8-bit types are computed in binary16 and rounded a second time.</summary>
    private const double HalfUnitOfBinary16 = 1.0 / (1 << 11);

    /// <summary>
    /// The relative difference that an average over <paramref name="worldSize"/> ranks may have. NCCL multiplies each rank's
    /// value by 1/n before it adds: n products and n-1 sums of positive values, each rounded to the type, and 1/n itself;
    /// what is expected is rounded once. With n a power of two all of it is exact, and integers are divided after their sum.
    /// </summary>
    public static double Tolerance(DataType type, int worldSize)
    {
        if (!type.IsFloatingPoint()) return 0;
        (int mantissaBits, int lowestExponent) = FormatOf(type);
        double smallest = Math.ScaleB(1, lowestExponent - mantissaBits);
        if (BitOperations.IsPow2(worldSize) && smallest * worldSize <= 1) return 0;

        // Below the normal numbers the unit no longer shrinks with the value, of which the least is 1/n.
        double error = Math.Max(Math.ScaleB(1, -mantissaBits), smallest * worldSize) / 2;
        if (type.Size() == 1) error += HalfUnitOfBinary16;
        if (error >= 1) return double.MaxValue;
        // 1 + error may be 1 in a double: then the bound of N. Higham, Accuracy and Stability, lemma 3.1.
        double steps = (worldSize + 2) * error;
        return steps < 1e-3 ? steps / (1 - steps) : (Math.Pow(1 + error, worldSize + 1) / (1 - error)) - 1;
    }

    /// <summary>Bits behind the point, and the exponent of the smallest normal number.</summary>
    private static (int MantissaBits, int LowestExponent) FormatOf(DataType type) => type switch
    {
        DataType.Float64 => (52, -1022),
        DataType.Float32 => (23, -126),
        DataType.Float16 => (10, -14),
        DataType.BFloat16 => (7, -126),
        DataType.Float8E4M3 => (3, -6),
        DataType.Float8E5M2 => (2, -14),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a floating-point type"),
    };
}
