using System.Text;
using Nperf.Arguments;

namespace Nperf.Completion;

/// <summary>Completion for fish (https://fishshell.com/docs/current/cmds/complete.html).</summary>
internal static class FishScript
{
    public static string Build()
    {
        var text = new StringBuilder();
        text.Append($$"""
            # Completion of nperf for fish, made by: nperf completion fish

            # Whether the command is one of these; of a run without a command it is the empty word.
            function __nperf_in
                set -l words (commandline -opc)
                set -l command ''
                if set -q words[2]; and contains -- $words[2] {{Words(CommandTable.All)}}
                    set command $words[2]
                end
                contains -- "$command" $argv
            end

            # The run behind the -- of a command, as a line of its own: fish itself looks for no options there. The switch stands
            # in the first place, where a command would be.
            function __nperf_behind
                set -l words (commandline -opc)
                set -q words[2]; and contains -- $words[2] {{Words(CommandTable.All.Where(command => command.HasRunBehind))}}; or return
                set -l at (contains -i -- -- $words); or return
                set -e words[1..$at]
                string join -- ' ' nperf -v (string escape -- $words) (commandline -ct)
            end

            # Of a list with commas the last part.
            function __nperf_list
                set -l before (commandline -ct | string replace -r '^--[^=]*=' '' | string replace -r '[^,]*$' '')
                for value in $argv
                    echo "$before$value"
                end
            end

            complete -c nperf -f
            complete -c nperf -n '__nperf_behind >/dev/null' -a '(complete -C (__nperf_behind))'

            """);
        foreach (CommandDefinition command in CommandTable.All)
        {
            text.Append($"complete -c nperf -n 'test (count (commandline -opc)) -eq 1' -a {command.Word} -d {Quoted(command.Help)}\n");
            if (command.TakesFiles) text.Append($"complete -c nperf -n '__nperf_in {command.Word}' -F\n");
            if (command.Words.Count > 0) text.Append($"complete -c nperf -n '__nperf_in {command.Word}' -a '{string.Join(' ', command.Words)}'\n");
        }

        foreach (CompletionContext context in CompletionContext.All)
        {
            string condition = $"__nperf_in {string.Join(' ', context.Words.Select(word => word.Length == 0 ? "\"\"" : word))}";
            foreach (OptionDefinition option in context.Options)
            {
                string letter = option.Letter is null ? "" : $" -s {option.Letter[1..]}";
                text.Append($"complete -c nperf -n '{condition}'{letter} -l {option.Name[2..]}{Action(option)} -d {Quoted(ValueKinds.Summary(option))}\n");
            }
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Action(OptionDefinition option)
    {
        string needs = option.ValueIsOptional ? "" : " -x";
        string choices = string.Join(' ', OptionChoices.Of(option));
        return ValueKinds.Of(option) switch
        {
            ValueKind.Switch => "",
            ValueKind.Choice => $"{needs} -a '{choices}'",
            ValueKind.List => $"{needs} -a '(__nperf_list {choices})'",
            ValueKind.File => " -r -F",
            ValueKind.Host => $"{needs} -a '(__fish_print_hostnames)'",
            _ => needs,
        };
    }

    private static string Words(IEnumerable<CommandDefinition> commands) => string.Join(' ', commands.Select(command => command.Word));

    private static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
