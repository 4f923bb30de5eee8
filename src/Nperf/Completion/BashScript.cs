using System.Text;
using Nperf.Arguments;

namespace Nperf.Completion;

/// <summary>Completion for bash 4 and newer (bash(1), "Programmable Completion").</summary>
internal static class BashScript
{
    public static string Build()
    {
        var text = new StringBuilder();
        text.Append($$"""
            # Completion of nperf for bash, made by: nperf completion bash

            _nperf_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }

            # Of a list with commas the last part.
            _nperf_list() { mapfile -t COMPREPLY < <(compgen -P "${cur%"${cur##*,}"}" -W "$1" -- "${cur##*,}"); }

            _nperf_files() {
                mapfile -t COMPREPLY < <(compgen -f -- "$cur")
                compopt -o filenames 2>/dev/null
            }

            _nperf_hosts() { mapfile -t COMPREPLY < <(compgen -P "${cur%"${cur##*,}"}" -A hostname -- "${cur##*,}"); }

            _nperf() {
                local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command='' word
                COMPREPLY=()
                # bash makes three words of --op=LIST.
                if [[ $cur == = ]]; then
                    cur=''
                elif [[ $prev == = ]]; then
                    prev=${COMP_WORDS[COMP_CWORD - 2]}
                fi
                if ((COMP_CWORD > 1)); then
                    case ${COMP_WORDS[1]} in
                        {{Pattern(CommandTable.All.Select(command => command.Word))}}) command=${COMP_WORDS[1]} ;;
                    esac
                fi
                case $command in
                    {{Pattern(CommandTable.All.Where(command => command.HasRunBehind).Select(command => command.Word))}})
                        for word in "${COMP_WORDS[@]:2:COMP_CWORD-2}"; do
                            [[ $word != -- ]] || command=''
                        done
                        ;;
                esac
                if [[ $cur == -* ]]; then
                    case $command in

            """);
        foreach (CompletionContext context in CompletionContext.All)
            text.Append($"            {Pattern(context.Words)}) _nperf_words '{string.Join(' ', context.Options.SelectMany(ValueKinds.Names))}' ;;\n");
        text.Append("""
                    esac
                    return
                fi
                case $command:$prev in

            """);
        foreach (CompletionContext context in CompletionContext.All)
        {
            foreach (OptionDefinition option in context.Options)
            {
                if (Action(option) is not { } action) continue;
                string pattern = string.Join('|', context.Words.SelectMany(word => ValueKinds.Names(option).Select(name => $"{word}:{name}")));
                text.Append($"        {pattern}) {action} ;;\n");
            }
        }

        foreach (CommandDefinition command in CommandTable.All.Where(command => command.TakesFiles)) text.Append($"        {command.Word}:*) _nperf_files ;;\n");
        foreach (CommandDefinition command in CommandTable.All.Where(command => command.Words.Count > 0))
            text.Append($"        {command.Word}:{command.Word}) _nperf_words '{string.Join(' ', command.Words)}' ;;\n");
        text.Append($"""
                    *) ((COMP_CWORD > 1)) || _nperf_words '{string.Join(' ', CommandTable.All.Select(command => command.Word))}' ;;
                esac
            """);
        return text.Append("\n}\n\ncomplete -F _nperf nperf").ToString();
    }

    private static string? Action(OptionDefinition option) => ValueKinds.Of(option) switch
    {
        ValueKind.Switch => null,
        ValueKind.Choice => $"_nperf_words '{string.Join(' ', OptionChoices.Of(option))}'",
        ValueKind.List => $"_nperf_list '{string.Join(' ', OptionChoices.Of(option))}'",
        ValueKind.File => "_nperf_files",
        ValueKind.Host => "_nperf_hosts",
        _ => ":",
    };

    private static string Pattern(IEnumerable<string> words) => string.Join('|', words.Select(word => word.Length == 0 ? "''" : word));
}
