using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// The ranks of a world in groups of equal size, each running collectives by itself; without a split one group of all.
/// </summary>
internal sealed class Groups
{
    private readonly int[][] _members;
    private readonly int[] _colors;
    private readonly int[] _groups;
    private readonly int[] _ranks;

    private Groups(int[][] members, Func<int, int> colorOf)
    {
        _members = members;
        _colors = [.. members.Select(group => colorOf(group[0]))];
        _groups = new int[members.Sum(group => group.Length)];
        _ranks = new int[_groups.Length];
        for (int group = 0; group < members.Length; group++)
        {
            for (int rank = 0; rank < members[group].Length; rank++)
                (_groups[members[group][rank]], _ranks[members[group][rank]]) = (group, rank);
        }
    }

    /// <summary>How many groups there are.</summary>
    public int Count => _members.Length;

    /// <summary>How many ranks each has.</summary>
    public int Size => _members[0].Length;

    /// <summary>For each group its members' ranks in the world, ascending; groups by their color.</summary>
    public IReadOnlyList<IReadOnlyList<int>> All => _members;

    /// <summary>The groups of <paramref name="worldSize"/> ranks.</summary>
    /// <exception cref="RunException">They would not be equally large.</exception>
    public static Groups Of(int worldSize, Split? split)
    {
        if (Refusal(worldSize, split) is { } refusal) throw new RunException(FailureKind.Usage, $"--split: {refusal}");
        Func<int, int> colorOf = split is null ? _ => 0 : split.ColorOf;
        return new Groups(Members(worldSize, split), colorOf);
    }

    /// <summary>Why <paramref name="worldSize"/> ranks cannot be split so, or null where they can.</summary>
    public static string? Refusal(int worldSize, Split? split)
    {
        const int Most = 16;
        int[] sizes = [.. Members(worldSize, split).Select(group => group.Length)];
        if (sizes.Distinct().Count() == 1) return null;
        string more = sizes.Length > Most ? ", ..." : "";
        return $"'{split}' makes groups of {string.Join(", ", sizes.Take(Most))}{more} of {worldSize} ranks; "
            + "they have to be equally large";
    }

    /// <summary>The group of a rank of the world: its place among the groups.</summary>
    public int GroupOf(int worldRank) => _groups[worldRank];

    /// <summary>What a rank of the world has in common with those of its group alone.</summary>
    public int ColorOf(int worldRank) => _colors[_groups[worldRank]];

    /// <summary>The rank within its group of a rank of the world.</summary>
    public int RankOf(int worldRank) => _ranks[worldRank];

    /// <summary>The ranks in the world of the group that <paramref name="worldRank"/> is in, itself too, ascending.</summary>
    public IReadOnlyList<int> MembersWith(int worldRank) => _members[_groups[worldRank]];

    private static int[][] Members(int worldSize, Split? split) =>
    [
        .. Enumerable.Range(0, worldSize).GroupBy(rank => split?.ColorOf(rank) ?? 0)
            .OrderBy(group => group.Key).Select(group => group.ToArray()),
    ];
}
