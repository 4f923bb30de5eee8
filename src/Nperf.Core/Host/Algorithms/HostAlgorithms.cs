using Nperf.Core.Collectives;
using Nperf.Core.Options;

namespace Nperf.Core.Host.Algorithms;

/// <summary>The host backend's algorithms by name: what there is, and what may be asked for.</summary>
internal static class HostAlgorithms
{
    /// <summary>The name of every algorithm that some collective has.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Operations.All.SelectMany(Of).Distinct()];

    /// <summary>The table that is used where nobody says otherwise, collective by collective.</summary>
    public static IReadOnlyList<AlgorithmRule> Table { get; } = [.. Operations.All.SelectMany(AlgorithmTable.RulesOf)];

    /// <summary>The names that <paramref name="operation"/> has.</summary>
    public static IReadOnlyList<string> Of(Collective operation) =>
        [.. AlgorithmTable.Of(operation).Concat(HierarchicalTable.Of(operation)).Select(one => one.Name)];

    /// <summary>True where all that have this name work on each other's memory.</summary>
    public static bool ReachesMemory(string name) => name == SingleCopy.NameOfAll;

    /// <summary>Refuses ranks that do not have the reach, or the hosts, that the algorithm which was asked for needs.</summary>
    /// <exception cref="RunException">They do not.</exception>
    internal static void Require(RunOptions options, RankLinks links)
    {
        RequireHosts(options.Algorithm, links);
        if (links.Reach > MemoryReach.None || links.WorldSize == 1 || !ReachesMemory(options.Algorithm)) return;
        throw new RunException(
            FailureKind.Error,
            $"--algo: '{options.Algorithm}' needs ranks that get at each other's memory, and rank {links.Rank} is connected by "
            + $"{links.Transports}; it takes --transport memory, or shm where the system allows process_vm_readv or with --register symmetric");
    }

    private static void RequireHosts(string name, RankLinks links)
    {
        bool isHierarchical = Operations.All.SelectMany(HierarchicalTable.Of).Any(one => one.Name == name);
        HostLayout? layout = links.Hierarchy?.Layout;
        if (!isHierarchical || Operations.All.Any(operation => HierarchicalTable.Of(operation, layout).Any(one => one.Name == name))) return;
        string lacking = layout is null
            ? $"ranks on several hosts, and several on one of them, with --transport auto; rank {links.Rank} is connected by {links.Transports}"
            : $"as many ranks on each host, and they have {string.Join(", ", Enumerable.Range(0, layout.Hosts).Select(host => layout.RanksOf(host).Length))}";
        throw new RunException(FailureKind.Error, $"--algo: '{name}' needs {lacking}");
    }

    /// <summary>True where there is such a collective and it has such an algorithm.</summary>
    public static bool Has(AlgorithmRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return Operations.Find(rule.Operation) is { } operation && Of(operation).Contains(rule.Algorithm);
    }

    /// <summary>
    /// Why <paramref name="options"/> ask for an algorithm that their operations do not have, as the end of a sentence about
    /// <c>--algo</c>, or null. Where all operations are run, one of them has to have it.
    /// </summary>
    public static string? Refusal(RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string name = options.Algorithm;
        if (name == RunOptions.AutoName) return null;
        Collective[] without = [.. Operations.All.Where(one => options.Operations.Contains(one.Name) && !Of(one).Contains(name))];
        if (without.Length == 0 || (options.WantsAllOperations && without.Length < Operations.All.Count)) return null;
        return string.Join("; ", without.Select(one => $"{one.Name} has no '{name}': it has {string.Join(", ", Of(one))}"));
    }

    /// <summary>Why so many ranks cannot run the algorithm that was asked for, likewise.</summary>
    public static string? Refusal(RunOptions options, int ranks)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Algorithm != RunOptions.AutoName && ranks == 1
            ? $"'{options.Algorithm}' needs two ranks or more: one alone copies"
            : null;
    }

    /// <summary>Refuses what the host backend cannot do with <paramref name="ranks"/> ranks, or in a group of so many.</summary>
    /// <exception cref="RunException">An operation does not have the algorithm that was asked for, or the ranks cannot run it.</exception>
    internal static void Require(RunOptions options, int ranks)
    {
        if ((Refusal(options) ?? Refusal(options, ranks)) is { } refusal) throw new RunException(FailureKind.Error, $"--algo: {refusal}");
    }
}
