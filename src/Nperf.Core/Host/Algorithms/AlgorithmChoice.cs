using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Options;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Which algorithm each call of a run takes: that of <c>--algo</c>, or of the first row of <c>--algo-table</c> that has
/// room for it, or else that of the <see cref="HierarchicalTable"/> or the <see cref="AlgorithmTable"/>. One rank's, for its own thread.
/// </summary>
internal sealed class AlgorithmChoice
{
    private readonly int _ranks;
    private readonly HostLayout? _layout;
    private readonly bool _crowded;
    private readonly AlgorithmRule[] _rules;
    private Collective? _collective;
    private long _count;
    private DataType _type;
    private MemoryReach _reach;
    private Algorithm? _algorithm;

    /// <summary>
    /// The choice of <paramref name="options"/> among <paramref name="ranks"/> ranks, which have a <paramref name="layout"/> where they are on
    /// several hosts, and are <paramref name="crowded"/> where more of them than there are processors share a machine.
    /// </summary>
    public AlgorithmChoice(RunOptions options, int ranks, HostLayout? layout = null, bool crowded = false)
    {
        _crowded = crowded;
        _ranks = ranks;
        _layout = layout;
        _rules = ranks == 1 ? [] : [.. RulesOf(options)];
    }

    /// <summary>
    /// The algorithm for <paramref name="call"/> where the ranks have this <paramref name="reach"/>. Allocates nothing, and looks nothing
    /// up, where the call before was alike.
    /// </summary>
    public Algorithm For(in CollectiveCall call, MemoryReach reach)
    {
        if (_algorithm is not null && ReferenceEquals(_collective, call.Collective) && _count == call.Count
            && _type == call.DataType && _reach == reach)
        {
            return _algorithm;
        }

        (_collective, _count, _type, _reach) = (call.Collective, call.Count, call.DataType, reach);
        return _algorithm = Own(call, reach)
            ?? HierarchicalTable.For(call, _layout)
            ?? AlgorithmTable.For(call, _ranks, reach, _crowded);
    }

    private static IEnumerable<AlgorithmRule> RulesOf(RunOptions options) =>
        options.Algorithm == RunOptions.AutoName
            ? (options.AlgorithmTable?.Rules ?? []).Select(WithReach)
            : Operations.All.Where(one => HostAlgorithms.Of(one).Contains(options.Algorithm)).Select(one => WithReach(
                new AlgorithmRule(one.Name, AlgorithmRule.AnyRanks, AlgorithmRule.AnyBytes, options.Algorithm)));

    /// <summary>The rule with the reach that its algorithm cannot do without.</summary>
    private static AlgorithmRule WithReach(AlgorithmRule rule) =>
        rule.Reach == MemoryReach.None && HostAlgorithms.ReachesMemory(rule.Algorithm) ? rule with { Reach = MemoryReach.Copies } : rule;

    /// <summary>What the first rule that has room for <paramref name="call"/> says; null where none has, or there is nothing to choose.</summary>
    private Algorithm? Own(in CollectiveCall call, MemoryReach reach)
    {
        if (_rules.Length == 0) return null;
        string operation = call.Collective.Name;
        Algorithm[] algorithms = [.. AlgorithmTable.Of(call.Collective), .. HierarchicalTable.Of(call.Collective, _layout)];
        if (algorithms.Length == 1) return null;
        long bytes = call.Collective.Bytes(call.Count, call.DataType.Size(), _ranks);
        AlgorithmRule? rule = _rules.FirstOrDefault(one =>
            one.Operation == operation && _ranks <= one.UpToRanks && bytes <= one.UpToBytes && one.Reach <= reach && (_crowded || !one.Crowded)
            && algorithms.Any(algorithm => algorithm.Name == one.Algorithm));
        return rule is null ? null : algorithms.Single(one => one.Name == rule.Algorithm);
    }
}
