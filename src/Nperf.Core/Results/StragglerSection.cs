namespace Nperf.Core.Results;

/// <summary>A rank that held up the others throughout the run, by <see cref="Stragglers.StragglerTest"/>.</summary>
public sealed record StragglerSection
{
    /// <summary>The rank.</summary>
    public required int Rank { get; init; }

    /// <summary>Its host.</summary>
    public required string Host { get; init; }

    /// <summary>By how much it was busy for longer than the other ranks, as a part of the time (0.3 is 30 %).</summary>
    public required double Lost { get; init; }

    /// <summary>Blocks of time that were looked at.</summary>
    public required int Blocks { get; init; }

    /// <summary>Blocks in which it was late.</summary>
    public required int Late { get; init; }

    /// <summary>True where it was so in sending: its way to the others is slow, rather than itself.</summary>
    public required bool Sending { get; init; }
}
