namespace Nperf.Core.Results;

/// <summary>What became of something that was expected of the run.</summary>
public sealed record ExpectationSection
{
    /// <summary>As it was written: <c>busbw &gt;= 300 @ 1G</c>.</summary>
    public required string Expectation { get; init; }

    /// <summary>True where every result that it is about is as expected, and there is one.</summary>
    public required bool Met { get; init; }

    /// <summary>How many results it is about.</summary>
    public required int Checked { get; init; }

    /// <summary>The results that are not as expected.</summary>
    public required IReadOnlyList<ExpectationFailure> Failures { get; init; }
}

/// <summary>A result that is not as expected.</summary>
public sealed record ExpectationFailure
{
    /// <summary>The operation's name.</summary>
    public required string Operation { get; init; }

    /// <summary>The element type's name.</summary>
    public required string DataType { get; init; }

    /// <summary>The reduction's name, or null.</summary>
    public required string? ReduceOp { get; init; }

    /// <summary>The root rank, or null.</summary>
    public required int? Root { get; init; }

    /// <summary>True where each rank's send and receive buffer were one.</summary>
    public required bool InPlace { get; init; }

    /// <summary>Which repetition of the whole it belongs to, from 1 on.</summary>
    public required int Cycle { get; init; }

    /// <summary>The size in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>What was measured.</summary>
    public required double Value { get; init; }

    /// <summary>In which unit: <c>GB/s</c> or <c>us</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>How far that is from the bound, as a part of the bound (0.05 is 5 %); null where the bound is 0.</summary>
    public required double? MissedBy { get; init; }
}
