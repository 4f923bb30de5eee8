using System.Globalization;

namespace Nperf.Core.Options;

/// <summary>How a rank and a number give the color of its group.</summary>
public enum SplitKind
{
    /// <summary>The bits they have in common.</summary>
    And,

    /// <summary>The bits of both.</summary>
    Or,

    /// <summary>The rest of the rank divided by the number.</summary>
    Mod,

    /// <summary>The rank divided by the number, rounded down.</summary>
    Div,
}

/// <summary>
/// How ranks are divided into groups, each of which runs everything by itself, all at the same time: by the colors of
/// nccl-tests' NCCL_TESTS_SPLIT.
/// </summary>
/// <param name="Kind">How.</param>
/// <param name="Value">By which number, from 0; from 1 where it divides.</param>
public sealed record Split(SplitKind Kind, int Value)
{
    /// <summary>True when it is one: what else may come from a network.</summary>
    internal bool IsSound =>
        Enum.IsDefined(Kind) && Value >= (Kind is SplitKind.Mod or SplitKind.Div ? 1 : 0);

    /// <summary>Ranks of one color are a group.</summary>
    internal int ColorOf(int rank) => Kind switch
    {
        SplitKind.And => rank & Value,
        SplitKind.Or => rank | Value,
        SplitKind.Mod => rank % Value,
        _ => rank / Value,
    };

    /// <summary>As on the command line: <c>mod:8</c>.</summary>
    public override string ToString() =>
        $"{Kind.ToString().ToLowerInvariant()}:{Value.ToString(CultureInfo.InvariantCulture)}";
}
