using Nperf.Core.Results;

namespace Nperf.Core.Comparison;

/// <summary>What results of two runs have to have in common to be compared.</summary>
/// <param name="Operation">The operation's name.</param>
/// <param name="DataType">The element type's name.</param>
/// <param name="ReduceOp">The reduction's name, or null.</param>
/// <param name="Root">The root rank, or null.</param>
/// <param name="InPlace">True where each rank's send and receive buffer were one.</param>
/// <param name="Bytes">The size.</param>
internal sealed record ResultKey(string Operation, string DataType, string? ReduceOp, int? Root, bool InPlace, long Bytes)
{
    /// <summary>That of <paramref name="result"/>.</summary>
    public static ResultKey Of(SizeResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new ResultKey(result.Operation, result.DataType, result.ReduceOp, result.Root, result.InPlace, result.Bytes);
    }
}
