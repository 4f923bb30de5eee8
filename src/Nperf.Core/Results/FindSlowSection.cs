namespace Nperf.Core.Results;

/// <summary>How <c>find-slow</c> went from all ranks to those that slow them, and what it found.</summary>
public sealed record FindSlowSection
{
    /// <summary><c>nobody</c>, <c>slow</c> (those in <see cref="Slow"/>), <c>together</c> (no rank alone, but some together) or <c>unfinished</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>The verdict for people, one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Ranks that the pairs made suspicious, before anything was confirmed.</summary>
    public required IReadOnlyList<int> Suspects { get; init; }

    /// <summary>The ranks that the groups began with: those whose pairs are good.</summary>
    public required IReadOnlyList<int> Core { get; init; }

    /// <summary>What was measured, in order.</summary>
    public required IReadOnlyList<FindSlowStep> Steps { get; init; }

    /// <summary>What is slow, each confirmed by measuring again; empty where nothing is.</summary>
    public required IReadOnlyList<OutlierSection> Slow { get; init; }

    /// <summary>What to try next, one sentence each.</summary>
    public required IReadOnlyList<string> NextSteps { get; init; }
}

/// <summary>A group of ranks that was measured.</summary>
public sealed record FindSlowStep
{
    /// <summary><c>core</c>, <c>grow</c>, <c>bisect</c> or <c>confirm</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The group: each rank sends to the next of it and receives from the one before, all at once.</summary>
    public required IReadOnlyList<int> Ranks { get; init; }

    /// <summary>The ranks that the step is about: those just added, or confirmed.</summary>
    public required IReadOnlyList<int> Added { get; init; }

    /// <summary>The time of an exchange in the group, microseconds.</summary>
    public required double TimeUs { get; init; }

    /// <summary>What each rank sent over that time, GB/s (10^9).</summary>
    public required double Bandwidth { get; init; }

    /// <summary>What a group of its size and place should take at most, microseconds.</summary>
    public required double ExpectedUs { get; init; }

    /// <summary>True where it took longer.</summary>
    public required bool Slow { get; init; }
}
