using Nperf.Core.Results;

namespace Nperf.Core.Expectations;

/// <summary>What a figure of a run has to be: <c>busbw &gt;= 300 @ 1G</c>.</summary>
/// <param name="Text">As it was written, in one line.</param>
/// <param name="Metric">Which figure.</param>
/// <param name="IsLeast">True where <paramref name="Value"/> is the least it may be, false where it is the most.</param>
/// <param name="IsStrict">True where it may not be <paramref name="Value"/> itself.</param>
/// <param name="Value">The bound, in the metric's unit.</param>
internal sealed record Expectation(string Text, Metric Metric, bool IsLeast, bool IsStrict, double Value)
{
    /// <summary>The operation it is about, or null: all.</summary>
    public string? Operation { get; init; }

    /// <summary>The smallest size it is about, bytes; 0 where it is about all.</summary>
    public long FromBytes { get; init; }

    /// <summary>The largest size it is about, bytes.</summary>
    public long ToBytes { get; init; } = long.MaxValue;

    /// <summary>True where it is about this size, as it was asked for.</summary>
    public bool IsAbout(long requestedBytes) => requestedBytes >= FromBytes && requestedBytes <= ToBytes;

    /// <summary>What became of it. One that no result is about is not met: nobody knows.</summary>
    public ExpectationSection Check(IReadOnlyList<SizeResult> results)
    {
        (SizeResult Result, double Value)[] about =
        [
            .. from result in results
               where !result.Partial && (Operation is null || result.Operation == Operation) && IsAbout(result.RequestedBytes)
               let value = Metric.Of(result)
               where value is not null
               select (result, value.Value),
        ];
        ExpectationFailure[] failures = [.. about.Where(one => !IsMetBy(one.Value)).Select(one => FailureOf(one.Result, one.Value))];
        return new ExpectationSection
        {
            Expectation = Text,
            Met = about.Length > 0 && failures.Length == 0,
            Checked = about.Length,
            Failures = failures,
        };
    }

    private bool IsMetBy(double value) => (IsLeast, IsStrict) switch
    {
        (true, false) => value >= Value,
        (true, true) => value > Value,
        (false, false) => value <= Value,
        (false, true) => value < Value,
    };

    private ExpectationFailure FailureOf(SizeResult result, double value) => new()
    {
        Operation = result.Operation,
        DataType = result.DataType,
        ReduceOp = result.ReduceOp,
        Root = result.Root,
        InPlace = result.InPlace,
        Cycle = result.Cycle,
        Bytes = result.Bytes,
        Value = value,
        Unit = Metric.Unit,
        MissedBy = Math.Abs(value - Value) / Value is var part && double.IsFinite(part) ? part : null,
    };
}
