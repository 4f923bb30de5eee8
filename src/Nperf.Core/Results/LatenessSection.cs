namespace Nperf.Core.Results;

/// <summary>How far ranks of a size were held up by single ones: what <see cref="Stragglers.StragglerTest"/> judges by.</summary>
public sealed record LatenessSection
{
    /// <summary>Blocks of consecutive single iterations that were looked at, each of 10 ms or more.</summary>
    public required int Blocks { get; init; }

    /// <summary>Blocks in which any rank was late.</summary>
    public required int HeldUp { get; init; }

    /// <summary>How long all blocks together took, seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The ranks that were late in any block, by rank.</summary>
    public required IReadOnlyList<LateRank> Ranks { get; init; }
}

/// <summary>A rank that others waited for.</summary>
public sealed record LateRank
{
    /// <summary>The rank.</summary>
    public required int Rank { get; init; }

    /// <summary>Blocks in which it was late.</summary>
    public required int Blocks { get; init; }

    /// <summary>Of these, blocks in which what it was busy with was that others take what it sends: its way to them is slow.</summary>
    public required int Sending { get; init; }

    /// <summary>By how much it was busy for longer than the others in these blocks, seconds.</summary>
    public required double LostSeconds { get; init; }
}
