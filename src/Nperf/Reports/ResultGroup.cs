using Nperf.Core.Collectives;
using Nperf.Core.Results;
using Nperf.Output;

namespace Nperf.Reports;

/// <summary>The results of one operation, type, reduction and root, of all runs: what stands in one chart.</summary>
/// <param name="Name">As the summary of a run names it: <c>allreduce float32 sum</c>.</param>
/// <param name="Runs">The runs that have such results.</param>
internal sealed record ResultGroup(string Name, IReadOnlyList<RunResults> Runs)
{
    /// <summary>The groups of <paramref name="runs"/> whose names have <paramref name="only"/> in them, in the order in which they ran.</summary>
    public static IReadOnlyList<ResultGroup> Of(IReadOnlyList<ReportRun> runs, string? only = null) =>
    [
        .. from one in runs.SelectMany(run => run.Document.Results, (run, result) => new { Run = run, Result = result })
           let name = Summary.NameOf(one.Result.Operation, one.Result.DataType, one.Result.ReduceOp, one.Result.Root, one.Result.InPlace)
           where only is null || name.Contains(only, StringComparison.OrdinalIgnoreCase)
           group one by name into ofName
           select new ResultGroup(ofName.Key,
           [
               .. ofName.GroupBy(one => one.Run, (run, some) => new RunResults(
                   run, [.. some.Select(one => one.Result).OrderBy(result => result.Bytes).ThenBy(result => result.Cycle)])),
           ]),
    ];

    /// <summary>False for the barrier, which has no size and no bandwidth.</summary>
    public bool HasData => Operations.Find(Runs[0].Results[0].Operation)?.HasData ?? true;

    /// <summary>True where bus bandwidth has no meaning, as with one rank, and the algorithm's stands for it.</summary>
    public bool IsAlone => Runs.All(run => run.Results.All(result => result.BusBandwidth == 0));

    /// <summary>The figure of bandwidth that the charts show, GB/s.</summary>
    public double BandwidthOf(SizeResult result) => IsAlone ? result.Bandwidth : result.BusBandwidth;
}

/// <summary>The results that a run has in a <see cref="ResultGroup"/>, by size and cycle; at least one.</summary>
internal sealed record RunResults(ReportRun Run, IReadOnlyList<SizeResult> Results);
