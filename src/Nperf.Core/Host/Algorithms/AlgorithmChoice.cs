using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Options;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// Which algorithm each call of a run takes: that of <c>--algo</c>, or of the first row of <c>--algo-table</c> that has
/// room for it, or else that of the <see cref="AlgorithmTable"/>. One rank's, for its own thread.
/// </summary>
internal sealed class AlgorithmChoice
{
    private readonly int _ranks;
    private readonly AlgorithmRule[] _rules;
    private OwnRows? _last;

    /// <summary>The choice of <paramref name="options"/> among <paramref name="ranks"/> ranks.</summary>
    public AlgorithmChoice(RunOptions options, int ranks)
    {
        _ranks = ranks;
        _rules = ranks == 1 ? [] : [.. RulesOf(options)];
    }

    /// <summary>The algorithm for <paramref name="call"/>.</summary>
    public Algorithm For(in CollectiveCall call)
    {
        if (_rules.Length == 0) return AlgorithmTable.For(call, _ranks);
        OwnRows own = _last is { } last && ReferenceEquals(last.Collective, call.Collective) ? last : _last = Own(call.Collective);
        if (own.Rows.Length > 0)
        {
            if (own.Rows[0].UpToBytes == AlgorithmRule.AnyBytes) return own.Rows[0].Algorithm;
            long bytes = call.Collective.Bytes(call.Count, call.DataType.Size(), _ranks);
            foreach ((long upToBytes, Algorithm algorithm) in own.Rows)
                if (bytes <= upToBytes) return algorithm;
        }

        return AlgorithmTable.For(call, _ranks);
    }

    private static IEnumerable<AlgorithmRule> RulesOf(RunOptions options) =>
        options.Algorithm == RunOptions.AutoName
            ? options.AlgorithmTable?.Rules ?? []
            : Operations.All.Where(one => HostAlgorithms.Of(one).Contains(options.Algorithm)).Select(one =>
                new AlgorithmRule(one.Name, AlgorithmRule.AnyRanks, AlgorithmRule.AnyBytes, options.Algorithm));

    /// <summary>The rules of <paramref name="collective"/> that have room for these ranks; none where there is nothing to choose.</summary>
    private OwnRows Own(Collective collective)
    {
        IReadOnlyList<Algorithm> algorithms = AlgorithmTable.Of(collective);
        if (algorithms.Count == 1) return new OwnRows(collective, []);
        var rows = from rule in _rules
                   where rule.Operation == collective.Name && _ranks <= rule.UpToRanks
                   select (rule.UpToBytes, algorithms.Single(one => one.Name == rule.Algorithm));
        return new OwnRows(collective, [.. rows]);
    }

    private sealed record OwnRows(Collective Collective, (long UpToBytes, Algorithm Algorithm)[] Rows);
}
