using Nperf.Arguments;

namespace Nperf.Completion;

/// <summary>What a shell can offer for the value of an option.</summary>
internal enum ValueKind
{
    /// <summary>It has no value.</summary>
    Switch,

    /// <summary>Nothing: a number, a size, a time.</summary>
    Any,

    /// <summary>One of <see cref="OptionChoices"/>.</summary>
    Choice,

    /// <summary>Several of them, with commas between.</summary>
    List,

    /// <summary>A file.</summary>
    File,

    /// <summary>A host.</summary>
    Host,
}
