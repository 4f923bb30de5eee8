namespace Nperf.Arguments;

/// <summary>A command of nperf: what help, man page and completion know of it.</summary>
/// <param name="Word">The first word of its command lines.</param>
/// <param name="Arguments">What follows the word, in the usage of nperf.</param>
/// <param name="Help">A few words.</param>
/// <param name="Options">Its options.</param>
internal sealed record CommandDefinition(string Word, string Arguments, string Help, IReadOnlyList<OptionDefinition> Options)
{
    /// <summary>What it is, in one line, where it has a help text of its own; else null.</summary>
    public string? Title { get; init; }

    /// <summary>Its own usage, a line each.</summary>
    public IReadOnlyList<string> Usage { get; init; } = [];

    /// <summary>What stands below its options: paragraphs, examples, exit codes.</summary>
    public string Rest { get; init; } = "";

    /// <summary>True where its other words are files.</summary>
    public bool TakesFiles { get; init; }

    /// <summary>What its other word can be, where there are few.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>True where options of a run follow behind <c>--</c>.</summary>
    public bool HasRunBehind { get; init; }
}
