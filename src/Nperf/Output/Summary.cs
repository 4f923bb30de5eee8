using System.Globalization;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;
using Nperf.Core.Stragglers;

namespace Nperf.Output;

/// <summary>The lines at the end of a run.</summary>
internal static class Summary
{
    /// <summary>Behind the name of what ran in place.</summary>
    public const string InPlace = " in place";

    private const int MostSectionsListed = 20;

    public static IEnumerable<string> Lines(
        IReadOnlyList<SizeResult> results, World world, VerifyMode verify, TimeSpan elapsed,
        IReadOnlyList<ExpectationSection> expectations, PairsSection? pairs = null)
    {
        yield return "summary";
        foreach (string line in BestOfSections(results)) yield return line;
        yield return Line("wrong results", pairs is null ? WrongResults(results, verify) : WrongResults(pairs));
        if (expectations.Count > 0) yield return Line("as expected", AsExpected(expectations));
        foreach (StragglerSection straggler in StragglerTest.Of(results, world) ?? [])
            yield return Line("straggler", Straggler(straggler, world));
        if (results.SelectMany(result => result.Ranks).MaxBy(rank => rank.PeakMemoryBytes) is { } peak)
        {
            string where = world.Processes.Count == 1 ? "" : $", the process of {Place(peak.Rank, world)}";
            yield return Line("peak memory", NumberFormat.Memory(peak.PeakMemoryBytes) + where);
        }

        yield return Line("time taken", NumberFormat.Duration(elapsed));
    }

    /// <summary>How a section is called: <c>allreduce float32 sum</c>, <c>broadcast int8 root 3 in place</c>.</summary>
    public static string NameOf(string operation, string dataType, string? reduceOp, int? root, bool inPlace)
    {
        string type = Core.Collectives.Operations.Find(operation)?.HasData == false ? "" : $" {dataType}";
        string reduction = reduceOp is null ? "" : $" {reduceOp}";
        string rank = root is null ? "" : $" root {root.Value.ToString(CultureInfo.InvariantCulture)}";
        return operation + type + reduction + rank + (inPlace ? InPlace : "");
    }

    private static IEnumerable<string> BestOfSections(IReadOnlyList<SizeResult> results)
    {
        var sections = results
            .GroupBy(result => NameOf(
                result.Operation, result.DataType, result.ReduceOp, result.Root, result.InPlace)).ToList();
        foreach (var section in sections.Take(MostSectionsListed))
            yield return BestOf(section.Key, [.. section]);
        if (sections.Count > MostSectionsListed)
            yield return Line("", $"and {sections.Count - MostSectionsListed} more, see the tables");
    }

    private static string BestOf(string name, IReadOnlyList<SizeResult> results)
    {
        if (!TableLayout.HasData(results[0]))
            return Line("shortest time", $"{name}: {NumberFormat.Time(results.Min(result => result.TimeUs.Avg))} us");
        // One rank, or groups of one, have none.
        bool alone = results.All(result => result.BusBandwidth == 0);
        SizeResult best = results.MaxBy(result => alone ? result.Bandwidth : result.BusBandwidth)!;
        string figure = NumberFormat.Bandwidth(alone ? best.Bandwidth : best.BusBandwidth);
        return Line(alone ? "best algbw" : "best busbw", $"{name}: {figure} GB/s at {best.Bytes} B");
    }

    private static string WrongResults(IReadOnlyList<SizeResult> results, VerifyMode verify)
    {
        int checkedSizes = results.Count(result => result.Wrong is not null);
        if (checkedSizes == 0) return "not checked";
        long wrong = results.Sum(result => result.Wrong ?? 0);
        string how = verify == VerifyMode.Each ? "every iteration checked" : "checked once a size";
        if (wrong == 0) return $"none ({how})";
        int sizes = results.Count(result => result.Wrong > 0);
        return $"{wrong} {(wrong == 1 ? "element" : "elements")} in {sizes} of {checkedSizes} sizes ({how})";
    }

    private static string WrongResults(PairsSection pairs)
    {
        if (pairs.Links.All(link => link.Wrong is null)) return "not checked";
        PairLink[] wrong = [.. pairs.Links.Where(link => link.Wrong > 0)];
        return wrong.Length == 0
            ? "none (each pair checked)"
            : $"{wrong.Sum(link => link.Wrong)} elements, the first from rank {wrong[0].From} to rank {wrong[0].To}";
    }

    private static string AsExpected(IReadOnlyList<ExpectationSection> expectations)
    {
        string[] not = [.. expectations.Where(one => !one.Met).Select(one => one.Expectation)];
        string met = $"{expectations.Count - not.Length} of {expectations.Count}";
        return not.Length == 0 ? met : $"{met}; not: {string.Join("; ", not)}";
    }

    private static string Straggler(StragglerSection one, World world)
    {
        string how = one.Sending ? " in sending" : "";
        return $"{Place(one.Rank, world)} held up the others{how}, {100 * one.Lost:0} % of the time (late in {one.Late} of {one.Blocks} blocks)";
    }

    private static string Place(int rank, World world) =>
        world.Processes.Count == 1 ? $"rank {rank}" : $"rank {rank} on {world.ProcessOf(rank).Host}";

    private static string Line(string name, string text) => $"  {name,-14} {text}";
}
