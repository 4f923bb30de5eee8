using System.Numerics;
using Nperf.Core.Data;

namespace Nperf.Core.NcclBackend;

/// <summary>How exact NCCL's averages are.</summary>
internal static class NcclAverage
{
    /// <summary>
    /// The relative difference that an average over <paramref name="worldSize"/> ranks may have. NCCL multiplies each rank's
    /// value by 1/n before it adds: n products and n-1 sums of positive values, each rounded to the type, and 1/n itself.
    /// With n a power of two all of them are exact, and integers are divided after their sum.
    /// </summary>
    public static double Tolerance(DataType type, int worldSize)
    {
        if (!type.IsFloatingPoint() || BitOperations.IsPow2(worldSize)) return 0;
        double halfUnit = Math.ScaleB(1, -(MantissaBits(type) + 1));
        return (worldSize + 1) * halfUnit;
    }

    /// <summary>Bits behind the point.</summary>
    private static int MantissaBits(DataType type) => type switch
    {
        DataType.Float64 => 52,
        DataType.Float32 => 23,
        DataType.Float16 => 10,
        DataType.BFloat16 => 7,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a floating-point type"),
    };
}
