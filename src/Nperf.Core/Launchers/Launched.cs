namespace Nperf.Core.Launchers;

/// <summary>What a launcher told a process that it started, together with others, in its environment.</summary>
internal sealed record Launched
{
    /// <summary>The launcher's command, for example <c>srun</c>.</summary>
    public required string Launcher { get; init; }

    /// <summary>Which of its processes this is, from 0 on. Process 0 has rank 0.</summary>
    public required int Process { get; init; }

    /// <summary>How many processes it started.</summary>
    public required int Processes { get; init; }

    /// <summary>The host of process 0, by a name or an address that the others can reach; null where the launcher tells none.</summary>
    public string? ServerHost { get; init; }

    /// <summary>A TCP port of that host for this run alone, or null where nothing tells one.</summary>
    public int? Port { get; init; }

    /// <summary>The variables that say so.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    /// <summary>
    /// True where these are all the processes of one copy of the launcher: where something else started several copies, each
    /// has a run of its own.
    /// </summary>
    internal bool IsOneCopy { get; init; }
}
