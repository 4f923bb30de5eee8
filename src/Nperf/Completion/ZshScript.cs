using System.Text;
using Nperf.Arguments;

namespace Nperf.Completion;

/// <summary>Completion for zsh (zshcompsys(1)): as a file <c>_nperf</c> of its function path, or to be sourced.</summary>
internal static class ZshScript
{
    public static string Build()
    {
        var text = new StringBuilder();
        text.Append("""
            #compdef nperf
            # Completion of nperf for zsh, made by: nperf completion zsh

            _nperf() {
              local command=
              local -i behind
              local -a commands=(

            """);
        foreach (CommandDefinition command in CommandTable.All) text.Append($"    {Quoted($"{command.Word}:{command.Help}")}\n");
        text.Append($$"""
              )
              if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
                _describe command commands
                return
              fi
              (( CURRENT > 2 && ${commands[(I)$words[2]:*]} )) && command=$words[2]
              case $command in
                ({{string.Join('|', CommandTable.All.Where(command => command.HasRunBehind).Select(command => command.Word))}})
                  behind=${words[(i)--]}
                  if (( behind < CURRENT )); then
                    command=
                    words=(nperf "${(@)words[behind + 1,-1]}")
                    (( CURRENT -= behind - 1 ))
                  fi
                  ;;
              esac
              if [[ -n $command ]]; then
                shift words
                (( CURRENT-- ))
              fi
              case $command in

            """);
        foreach (CompletionContext context in CompletionContext.All)
        {
            text.Append($"    ({string.Join('|', context.Words.Select(word => word.Length == 0 ? "''" : word))})\n      _arguments -s");
            foreach (OptionDefinition option in context.Options)
                foreach (string spec in Specs(option)) text.Append($" \\\n        {spec}");
            foreach (CommandDefinition command in CommandTable.All.Where(command => context.Words.Contains(command.Word)))
            {
                if (command.TakesFiles) text.Append(" \\\n        '*:file:_files'");
                if (command.Words.Count > 0) text.Append($" \\\n        '1:word:({string.Join(' ', command.Words)})'");
            }

            text.Append("\n      ;;\n");
        }

        return text.Append("""
              esac
            }

            if [[ $funcstack[1] == _nperf ]]; then
              _nperf "$@"
            else
              compdef _nperf nperf
            fi
            """).ToString();
    }

    private static IEnumerable<string> Specs(OptionDefinition option)
    {
        string[] names = [.. ValueKinds.Names(option)];
        string before = option.MayRepeat ? "*" : names.Length > 1 ? $"({string.Join(' ', names)})" : "";
        string help = $"[{ValueKinds.Summary(option).Replace("[", "(", StringComparison.Ordinal).Replace("]", ")", StringComparison.Ordinal)}]";
        string? action = Action(option);
        foreach (string name in names)
        {
            string joint = action is null ? "" : name.StartsWith("--", StringComparison.Ordinal) ? "=" : "+";
            string value = action is null ? "" : $"{(option.ValueIsOptional ? "::" : ":")}{option.Value!.Replace(":", "\\:", StringComparison.Ordinal)}:{action}";
            yield return Quoted($"{before}{name}{joint}{help}{value}");
        }
    }

    private static string? Action(OptionDefinition option) => ValueKinds.Of(option) switch
    {
        ValueKind.Switch => null,
        ValueKind.Choice => $"({string.Join(' ', OptionChoices.Of(option))})",
        ValueKind.List => $" _values -s , {option.Value} {string.Join(' ', OptionChoices.Of(option))}",
        ValueKind.File => "_files",
        ValueKind.Host => "_hosts",
        _ => " ",
    };

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
