using Nperf.Arguments;

namespace Nperf.Completion;

/// <summary>Commands that have the same options: a run's, without a word, among them as the empty word.</summary>
/// <param name="Words">The commands.</param>
/// <param name="Options">What they take.</param>
internal sealed record CompletionContext(IReadOnlyList<string> Words, IReadOnlyList<OptionDefinition> Options)
{
    public static IReadOnlyList<CompletionContext> All { get; } =
    [
        .. CommandTable.All.Select(command => (command.Word, command.Options)).Prepend((Word: "", Options: OptionTable.All))
            .GroupBy(one => one.Options, one => one.Word)
            .Select(group => new CompletionContext([.. group], group.Key)),
    ];
}
