using System.Collections;

namespace Nperf.Core.Liveness;

/// <summary>The marks of this process's ranks.</summary>
internal sealed class RankMarks : IEnumerable<RankMark>
{
    private readonly RankMark[] _marks;

    /// <param name="firstRank">The process's lowest rank.</param>
    /// <param name="count">How many it has.</param>
    public RankMarks(int firstRank, int count)
    {
        _marks = [.. Enumerable.Range(firstRank, count).Select(rank => new RankMark(rank))];
    }

    /// <summary>That of the process's first rank, which speaks on the control connection.</summary>
    public RankMark First => _marks[0];

    /// <summary>That of a rank of this process.</summary>
    public RankMark Of(int worldRank) => _marks[worldRank - First.Rank];

    /// <inheritdoc/>
    public IEnumerator<RankMark> GetEnumerator() => _marks.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Where all of them are, in the order of the ranks.</summary>
    public RankPosition[] Read() => [.. _marks.Select(mark => mark.Read())];
}
