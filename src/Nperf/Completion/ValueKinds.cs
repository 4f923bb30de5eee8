using Nperf.Arguments;
using Nperf.Launch;

namespace Nperf.Completion;

/// <summary>What completion knows of options beyond their definitions.</summary>
internal static class ValueKinds
{
    public static ValueKind Of(OptionDefinition option)
    {
        if (OptionChoices.Of(option).Count > 0) return option.Value == "LIST" ? ValueKind.List : ValueKind.Choice;
        return option.Value switch
        {
            null => ValueKind.Switch,
            "FILE" or "PATH" or "PAGE" => ValueKind.File,
            "HOST" => ValueKind.Host,
            _ => option == LaunchTable.Hosts ? ValueKind.Host : ValueKind.Any,
        };
    }

    /// <summary>Both names, the letter first.</summary>
    public static IEnumerable<string> Names(OptionDefinition option) => option.Letter is null ? [option.Name] : [option.Letter, option.Name];

    /// <summary>Help for a list that is glanced at: without details, and without the values that are offered anyhow.</summary>
    public static string Summary(OptionDefinition option)
    {
        int end = option.Help.IndexOfAny([';', '(']);
        string summary = end > 0 ? option.Help[..end] : option.Help;
        int values = OptionChoices.Of(option).Count > 0 ? summary.LastIndexOf(':') : -1;
        return (values > 0 ? summary[..values] : summary).Trim();
    }
}
