using Nperf.Completion;

namespace Nperf.Arguments;

/// <summary>The command line of <c>nperf completion</c>.</summary>
internal static class CompletionLine
{
    /// <summary>The first word of such a command line.</summary>
    public const string Word = "completion";

    /// <summary>What makes the script of each shell.</summary>
    public static IReadOnlyDictionary<string, Func<string>> Shells { get; } = new Dictionary<string, Func<string>>
    {
        ["bash"] = BashScript.Build,
        ["zsh"] = ZshScript.Build,
        ["fish"] = FishScript.Build,
    };

    /// <summary>Reads what follows the word, as <paramref name="given"/> has it. Never throws, prints nothing.</summary>
    public static ParsedCommand Parse(GivenOptions given)
    {
        string[] words = [.. given.TakeWords()];
        if (words is [var shell] && Shells.TryGetValue(shell, out Func<string>? script)) return new ParsedCommand { Text = script() };
        string which = words.Length == 1 ? $"'{words[0]}' is not one of the shells;" : "for which shell?";
        given.Refuse($"{Word}: {which} nperf {Word} {string.Join(" | ", Shells.Keys)}");
        return new ParsedCommand { Errors = given.Errors };
    }
}
