using Nperf.Arguments;
using Nperf.Completion;
using Nperf.Launch;

namespace Nperf.Tests.Completion;

/// <summary>What completion offers is what options take.</summary>
public sealed class ChoiceTests
{
    private static readonly OptionDefinition[] All = [.. CompletionContext.All.SelectMany(context => context.Options).Distinct()];

    [Fact]
    public void Every_value_that_is_offered_is_one_of_the_options()
    {
        foreach (CompletionContext context in CompletionContext.All)
            foreach (OptionDefinition option in context.Options)
                foreach (string choice in OptionChoices.Of(option))
                {
                    string[] line = [.. context.Words.Take(1).Where(word => word.Length > 0), $"{option.Name}={choice}"];
                    Assert.DoesNotContain(CommandLine.Parse(line).Errors, error => error.Contains($"'{choice}'", StringComparison.Ordinal) && error.Contains("one of", StringComparison.Ordinal));
                }
    }

    [Fact]
    public void Every_option_that_takes_names_offers_them()
    {
        OptionDefinition[] free = [OptionTable.Root, OptionTable.TcpCongestion, LaunchTable.Hosts, ReportLine.Only];
        string[] names = ["NAME", "LIST", "KIND", "MODE", "WHEN", "HOW"];
        Assert.All(
            All.Where(option => names.Contains(option.Value)).Except(free),
            option => Assert.True(OptionChoices.Of(option).Count > 0, $"{option.Name} {option.Value} has no choices: name them in OptionChoices"));
    }
}
