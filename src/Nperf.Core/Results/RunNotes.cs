using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.MpiBackend;
using Nperf.Core.MpiMode;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Results;

/// <summary>What a reader should know to read the figures right.</summary>
internal static class RunNotes
{
    /// <summary>Fewer single times than this, and the nearest-rank 99th percentile is the longest of them.</summary>
    public const int SamplesForP99 = 100;

    private const int MostSizesListed = 8;

    private const string Hypercube = "hypercube";

    /// <summary>
    /// The notes of a run, one sentence each; <paramref name="self"/> is the process that says them,
    /// <paramref name="options"/> are the run's where they are known, <paramref name="mpi"/> is what it ran with,
    /// <paramref name="leftOut"/> how many sizes there were before <paramref name="results"/>.
    /// </summary>
    public static IReadOnlyList<string> Of(
        World? world, ProcessInfo? self, FabricFacts? fabric, IReadOnlyList<SizeResult> results, RunOptions? options = null,
        MpiFacts? mpi = null, long leftOut = 0)
    {
        var notes = new List<string>();
        if (mpi?.Note is { } alone) notes.Add(alone);
        int ranks = RanksOfGroup(world, options);
        if (ranks == 1)
            notes.Add("one rank: nothing is exchanged, so bus bandwidth has no meaning");
        bool onGpus = fabric is { Backend: Backend.Nccl };
        if (!onGpus && (results.Count > 0 || options is { Pattern: not RunPattern.Collectives }) && world is not null && self is not null
            && (world.RanksOnMachineOf(self), world.ProcessorsOnMachineOf(self)) is var (sharing, processors) && sharing > processors)
        {
            notes.Add($"{sharing} ranks share {Wording.Count(processors, "processor")} of {self.Host}: times hold the wait for a turn");
        }
        if (leftOut > 0) notes.Add($"a run without end keeps its newest {results.Count} sizes: {leftOut} before them are left out");
        if (results.Any(result => result.TimeUs.Samples is > 0 and < SamplesForP99))
            notes.Add($"p99 is the maximum where there are fewer than {SamplesForP99} samples; -i or -t for more");
        SizeResult[] outside =
            [.. results.Where(result => result.TimeUs.Samples > 0 && (result.TimeUs.Avg < result.TimeUs.Min || result.TimeUs.Avg > result.TimeUs.Max))];
        if (outside.Length > 0)
        {
            string why = onGpus ? "single times are from GPU events in a pass of their own"
                : outside.All(result => result.Root is null) ? "below some 10 us single iterations are timed apart"
                : "below some 10 us single iterations are timed apart, and with a root time runs until every rank is done";
            notes.Add($"time lies outside min and max in places: {why}");
        }
        if (Imprecise(results, options) is { } imprecise) notes.Add(imprecise);
        if (results.Any(result => result.Partial))
            notes.Add("the last size was stopped: its figures are those of this process's ranks until then");
        if (results.Any(result => result.Bytes != result.RequestedBytes && result.Operation != Hypercube))
            notes.Add("sizes that do not divide into whole elements among the ranks became the nearest that do");
        if (fabric?.Remark is { } remark) notes.Add(remark);
        if (results.Any(result => result.Bytes != result.RequestedBytes && result.Operation == Hypercube))
            notes.Add("the size of a hypercube is what a rank sends: of the size asked for all but its own block");
        if (ranks > 0 && options is not null) notes.AddRange(LeftOut(options, ranks));
        if (options is { Backend: Backend.Mpi }) notes.AddRange(LackingInMpi(options));
        return notes;
    }

    /// <summary>Which sizes did not become as precise as was asked for.</summary>
    private static string? Imprecise(IReadOnlyList<SizeResult> results, RunOptions? options)
    {
        SizeResult[] imprecise = [.. results.Where(result => result.Precision is { IsReached: false })];
        if (options is null || imprecise.Length == 0) return null;
        double bound = options.Seconds > 0 ? options.Seconds : PrecisionRule.MostSeconds;
        string sizes = string.Join(", ", imprecise.Take(MostSizesListed).Select(result => $"{result.Operation} {result.Bytes} B"))
            + (imprecise.Length > MostSizesListed ? $" and {imprecise.Length - MostSizesListed} more" : "");
        return FormattableString.Invariant(
            $"not known to within {100 * options.Precision:0.##} % after {bound:0.##} s: {sizes}; -t for longer");
    }

    /// <summary>How many ranks run an operation together, or 0 where that is not known or cannot be.</summary>
    private static int RanksOfGroup(World? world, RunOptions? options)
    {
        if (world is null) return 0;
        return Groups.Refusal(world.Size, options?.Split) is null ? Groups.Of(world.Size, options?.Split).Size : 0;
    }

    /// <summary>The operations that <c>--op all</c> leaves out.</summary>
    private static IEnumerable<string> LeftOut(RunOptions options, int ranks) =>
        from operation in options.WantsAllOperations ? Operations.All : []
        let reason = operation.Refusal(ranks)
        where reason is not null
        select $"left out: {reason}";

    /// <summary>The types and reductions that <c>all</c> leaves out with MPI.</summary>
    private static IEnumerable<string> LackingInMpi(RunOptions options)
    {
        string[] types = [.. options.DataTypes.Where(type => !MpiTypes.Has(type)).Select(type => type.Name())];
        string[] reductions = [.. options.Reductions.Where(one => !MpiTypes.Has(one)).Select(one => one.Name())];
        if (types.Length > 0) yield return $"left out: MPI has no {string.Join(", ", types)}";
        if (reductions.Length > 0) yield return $"left out: MPI has no {string.Join(", ", reductions)}";
    }
}
