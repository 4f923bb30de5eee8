namespace Nperf.Core.Data;

/// <summary>An element type. The numbers are NCCL's (<c>ncclDataType_t</c>), so that a value means the same everywhere.</summary>
public enum DataType
{
    /// <summary>8-bit signed integer.</summary>
    Int8 = 0,

    /// <summary>8-bit unsigned integer.</summary>
    UInt8 = 1,

    /// <summary>32-bit signed integer.</summary>
    Int32 = 2,

    /// <summary>32-bit unsigned integer.</summary>
    UInt32 = 3,

    /// <summary>64-bit signed integer.</summary>
    Int64 = 4,

    /// <summary>64-bit unsigned integer.</summary>
    UInt64 = 5,

    /// <summary>IEEE 754 binary16.</summary>
    Float16 = 6,

    /// <summary>IEEE 754 binary32.</summary>
    Float32 = 7,

    /// <summary>IEEE 754 binary64.</summary>
    Float64 = 8,

    /// <summary>bfloat16: the upper half of a binary32.</summary>
    BFloat16 = 9,

    /// <summary>8 bits, 4 of them exponent and 3 mantissa, without infinities.</summary>
    Float8E4M3 = 10,

    /// <summary>8 bits, 5 of them exponent and 2 mantissa, with infinities.</summary>
    Float8E5M2 = 11,
}

/// <summary>What follows from a <see cref="DataType"/>.</summary>
internal static class DataTypes
{
    /// <summary>Every type, in the order in which <c>--dtype all</c> runs them.</summary>
    public static IReadOnlyList<DataType> All { get; } =
    [
        DataType.Float32, DataType.Float64, DataType.Float16, DataType.BFloat16, DataType.Float8E4M3,
        DataType.Float8E5M2, DataType.Int8, DataType.UInt8, DataType.Int32, DataType.UInt32, DataType.Int64,
        DataType.UInt64,
    ];

    /// <summary>The size of one element in bytes.</summary>
    public static int Size(this DataType type) => type switch
    {
        DataType.Int8 or DataType.UInt8 or DataType.Float8E4M3 or DataType.Float8E5M2 => 1,
        DataType.Float16 or DataType.BFloat16 => 2,
        DataType.Int32 or DataType.UInt32 or DataType.Float32 => 4,
        DataType.Int64 or DataType.UInt64 or DataType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a data type"),
    };

    /// <summary>The name used on the command line and in results, for example <c>float32</c>.</summary>
    public static string Name(this DataType type) => type.ToString().ToLowerInvariant();

    /// <summary>True for the floating-point types.</summary>
    public static bool IsFloatingPoint(this DataType type) =>
        type is DataType.Float16 or DataType.BFloat16 or DataType.Float32 or DataType.Float64
            or DataType.Float8E4M3 or DataType.Float8E5M2;
}
