using System.Globalization;
using Nperf.Core.Results;

namespace Nperf.Core.Comparison;

/// <summary>Whether runs were of the same thing, so that their times say something of each other.</summary>
internal static class Comparability
{
    private const int MostSizesListed = 3;

    private static readonly (string Name, Func<ResultsDocument, string> Of)[] SameInAll =
    [
        ("the ranks", document => document.Config.NumGpus.ToString(CultureInfo.InvariantCulture)),
        ("the processes' ranks", document => string.Join('+', document.Processes.Select(process => process.Ranks.Count).Order())),
        ("the backend", document => document.Config.Backend),
        ("the GPUs", Gpus),
        ("--split", document => document.Config.Split ?? "none"),
        ("--aggregate", document => document.Config.Aggregate.ToString(CultureInfo.InvariantCulture)),
        ("--graph", document => document.Config.GraphLaunches.ToString(CultureInfo.InvariantCulture)),
        ("--sync", document => document.Config.Sync),
    ];

    /// <summary>Why <paramref name="run"/> is not to be compared with <paramref name="first"/>: a part of a sentence each; none where it is.</summary>
    public static IReadOnlyList<string> Differences(ResultsDocument first, ResultsDocument run)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(run);
        return [
            .. from same in SameInAll
               let one = same.Of(first)
               let other = same.Of(run)
               where one != other
               select $"{same.Name} ({one} and {other})",
            .. Sets("the operations", result => result.Operation),
            .. Sets("the types", result => result.DataType),
            .. Sets("the reductions", result => result.ReduceOp ?? "none"),
            .. Sets("the roots", result => result.Root?.ToString(CultureInfo.InvariantCulture) ?? "none"),
            .. Sets("--in-place", result => result.InPlace ? "yes" : "no"),
            .. Sets("the sizes", result => result.Bytes.ToString(CultureInfo.InvariantCulture)),
        ];

        IEnumerable<string> Sets(string name, Func<SizeResult, string> of)
        {
            string[] one = [.. first.Results.Select(of).Distinct()], other = [.. run.Results.Select(of).Distinct()];
            if (one.ToHashSet().SetEquals(other)) yield break;
            yield return $"{name} ({List([.. one.Except(other)])} and {List([.. other.Except(one)])})";
        }
    }

    private static string List(string[] values) => values.Length == 0 ? "none"
        : values.Length <= MostSizesListed ? string.Join(',', values)
        : $"{string.Join(',', values.Take(MostSizesListed))} and {values.Length - MostSizesListed} more";

    private static string Gpus(ResultsDocument document)
    {
        if (document.Processes.All(process => process.Gpus is null)) return "none";
        var models = document.Topology.Gpus.DistinctBy(gpu => gpu.Uuid).ToDictionary(gpu => gpu.Uuid, gpu => gpu.Name);
        return string.Join(", ", document.Processes.SelectMany(process => process.Gpus ?? [])
            .GroupBy(uuid => models.GetValueOrDefault(uuid, "unknown")).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Count()} {group.Key}"));
    }
}
