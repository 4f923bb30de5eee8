using Nperf.Core.Data;
using Nperf.Native;

namespace Nperf.Core.MpiBackend;

/// <summary>
/// What MPI has of nperf's element types and reductions: C has no type of 8 or 16 bits with a point, and MPI no average (MPI
/// 4.0, 3.2.2 and 6.9.2).
/// </summary>
internal static class MpiTypes
{
    /// <summary>True where MPI has <paramref name="type"/>.</summary>
    public static bool Has(DataType type) => HandleOf(type) is not null;

    /// <summary>True where MPI has <paramref name="reduction"/>.</summary>
    public static bool Has(Reduction reduction) => HandleOf(reduction) is not null;

    /// <summary>Its datatype for <paramref name="type"/>, or null.</summary>
    internal static MpiHandle? HandleOf(DataType type) => type switch
    {
        DataType.Int8 => MpiHandle.Int8,
        DataType.UInt8 => MpiHandle.Uint8,
        DataType.Int32 => MpiHandle.Int32,
        DataType.UInt32 => MpiHandle.Uint32,
        DataType.Int64 => MpiHandle.Int64,
        DataType.UInt64 => MpiHandle.Uint64,
        DataType.Float32 => MpiHandle.Float,
        DataType.Float64 => MpiHandle.Double,
        _ => null,
    };

    /// <summary>Its operation for <paramref name="reduction"/>, or null.</summary>
    internal static MpiHandle? HandleOf(Reduction reduction) => reduction switch
    {
        Reduction.Sum => MpiHandle.Sum,
        Reduction.Prod => MpiHandle.Prod,
        Reduction.Max => MpiHandle.Max,
        Reduction.Min => MpiHandle.Min,
        _ => null,
    };
}
