using Nperf.Arguments;
using Nperf.Core.Collectives;
using Nperf.Core.Data;

namespace Nperf.Tests.Arguments;

public class HelpTextTests
{
    private static readonly string[] Lines = HelpText.Build().Split('\n');

    [Fact]
    public void It_fits_into_80_columns_without_trailing_spaces()
    {
        Assert.All(Lines, line => Assert.InRange(line.Length, 0, 80));
        Assert.All(Lines, line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void It_has_every_option_with_its_letter_its_value_and_its_default()
    {
        string text = string.Join(' ', HelpText.Build().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        foreach (OptionDefinition option in OptionTable.All)
        {
            string letter = option.Letter is null ? "" : $"{option.Letter}, ";
            string value = option.Value is null ? "" : option.ValueIsOptional ? $" [{option.Value}]" : $" {option.Value}";
            Assert.Contains($"{letter}{option.Name}{value} {option.Help}", text);
            if (option.Default is not null) Assert.Contains($"{option.Help} (default: {option.Default})", text);
        }
    }

    [Fact]
    public void It_names_every_operation_type_and_reduction_and_every_exit_code()
    {
        string text = HelpText.Build();
        Assert.All(Operations.All, operation => Assert.Contains(operation.Name, text));
        Assert.All(DataTypes.All, type => Assert.Contains(type.Name(), text));
        Assert.All(Reductions.All, reduction => Assert.Contains(reduction.Name(), text));
        Assert.All(["0 done", "1 failed", "2 usage", "3 wrong results", "130 ", "143 "], code => Assert.Contains(code, text));
    }

    [Fact]
    public void Its_examples_are_command_lines_that_are_taken()
    {
        string[] examples = [.. Lines.Where(line => line.StartsWith("  nperf ", StringComparison.Ordinal))];

        Assert.Equal(3, examples.Length);
        foreach (string example in examples)
            CommandLineTests.Good(example.Trim()["nperf ".Length..].Split("   ")[0]);
    }
}
