namespace Nperf.Core.Data;

/// <summary>A reduction. The numbers are NCCL's (<c>ncclRedOp_t</c>).</summary>
public enum Reduction
{
    /// <summary>The sum over all ranks.</summary>
    Sum = 0,

    /// <summary>The product over all ranks.</summary>
    Prod = 1,

    /// <summary>The largest value of any rank.</summary>
    Max = 2,

    /// <summary>The smallest value of any rank.</summary>
    Min = 3,

    /// <summary>The sum divided by the number of ranks; integers round towards zero.</summary>
    Avg = 4,
}

/// <summary>What follows from a <see cref="Reduction"/>.</summary>
internal static class Reductions
{
    /// <summary>Every reduction, in the order in which <c>--redop all</c> runs them.</summary>
    public static IReadOnlyList<Reduction> All { get; } =
        [Reduction.Sum, Reduction.Prod, Reduction.Min, Reduction.Max, Reduction.Avg];

    /// <summary>The name used on the command line and in results, for example <c>sum</c>.</summary>
    public static string Name(this Reduction reduction) => reduction.ToString().ToLowerInvariant();
}
