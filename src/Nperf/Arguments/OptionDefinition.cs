namespace Nperf.Arguments;

/// <summary>The heading of the help text that an option stands under.</summary>
internal enum OptionGroup
{
    Modes,
    WhatToRun,
    Output,
    Launch,
    Compare,
    Report,
}

/// <summary>One option: what the parser, the help text and the messages know of it.</summary>
/// <param name="Name">The long name, with its dashes; messages about options without a letter use it.</param>
/// <param name="Letter">The short name, with its dash, or null.</param>
/// <param name="Value">What stands for the value in the help text, or null for a switch.</param>
/// <param name="Group">The heading it stands under.</param>
/// <param name="Help">One sentence or less.</param>
/// <param name="Default">What holds where it is absent, for the help text; null where that goes without saying.</param>
internal sealed record OptionDefinition(
    string Name, string? Letter, string? Value, OptionGroup Group, string Help, string? Default = null)
{
    /// <summary>True when the value may be left out.</summary>
    public bool ValueIsOptional { get; init; }

    /// <summary>True when it may be given several times, each with a value of its own.</summary>
    public bool MayRepeat { get; init; }

    /// <summary>True when every process of a run must agree: a client's value is compared with the server's.</summary>
    public bool IsRunOption { get; init; }

    /// <summary>How messages call it: by its letter, where it has one.</summary>
    public string Display => Letter ?? Name;

    /// <summary>How combinations are explained: letter and name.</summary>
    public string Both => Letter is null ? Name : $"{Letter} ({Name})";
}
