using Nperf.Arguments;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Arguments;

public class ManPageTests
{
    private static readonly string Page = ManPage.Build() + "\n";

    [Fact]
    public void Mandoc_finds_nothing_wrong_with_it()
    {
        Requirements.Program("mandoc", "mandoc");
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("nperf.1"), Page);
        using RunningProcess mandoc = RunningProcess.Start("mandoc", ["-Tlint", folder.File("nperf.1")]);
        mandoc.ExpectSuccess();
        Assert.Equal("", mandoc.Output);
    }

    [Fact]
    public void It_says_all_that_the_help_texts_say()
    {
        Requirements.Program("mandoc", "mandoc");
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("nperf.1"), Page);
        using RunningProcess mandoc = RunningProcess.Start("mandoc", ["-Tascii", "-Owidth=200", folder.File("nperf.1")]);
        mandoc.ExpectSuccess();
        // Bold and underlined are characters struck over.
        string shown = Words(System.Text.RegularExpressions.Regex.Replace(mandoc.Output, ".\b", ""));

        foreach (OptionDefinition option in OptionTable.All.Concat(CommandTable.All.SelectMany(command => command.Options)))
            Assert.Contains($"{option.Name}{(option.Value is null || option.ValueIsOptional ? "" : $" {option.Value}")}", shown);
        foreach (OptionDefinition option in OptionTable.All) Assert.Contains(option.Help, shown);
        foreach (CommandDefinition command in CommandTable.All) Assert.Contains($"nperf {command.Word}", shown);
        Assert.Contains("EXIT STATUS 0 done, 1 failed", shown);
    }

    [Fact]
    public void It_is_printed_by_a_command_that_takes_no_options()
    {
        Assert.Equal(Page.TrimEnd('\n'), CommandLine.Parse(["man"]).Text);
        Assert.Contains("nperf man", Assert.Single(CommandLine.Parse(["man", "--op", "allreduce"]).Errors));
    }

    [Theory]
    [InlineData("completion", "completion: for which shell? nperf completion bash | zsh | fish")]
    [InlineData("completion tcsh", "completion: 'tcsh' is not one of the shells; nperf completion bash | zsh | fish")]
    public void A_completion_is_for_a_shell(string line, string error) =>
        Assert.Equal([error], CommandLine.Parse(line.Split(' ')).Errors);

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
