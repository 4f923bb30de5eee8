using Nperf.Testing;
using Nperf.Tests.EndToEnd;

namespace Nperf.Tests.Documentation;

/// <summary>The scripts of <c>scripts/</c> say what they are, alike.</summary>
public sealed class ScriptTests
{
    private const double Seconds = 30;

    // Their arguments are read by a program that they would build first.
    private static readonly string[] Programs = ["chaos.sh", "fuzz.sh", "hostile.sh"];

    public static TheoryData<string> Scripts { get; } = [.. Names];

    public static TheoryData<string> ScriptsWithoutProgram { get; } = [.. Names.Except(Programs)];

    private static IEnumerable<string> Names =>
        Directory.GetFiles(Folder, "*.sh").Select(file => Path.GetFileName(file)!).Where(name => name != "lib.sh").Order();

    private static string Folder => Path.Combine(Checkout.Folder, "scripts");

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Help_is_what_it_does_how_it_is_called_and_what_it_needs(string script)
    {
        using RunningProcess help = RunningProcess.Start(Path.Combine(Folder, script), ["--help"]);
        help.ExpectSuccess(Seconds);
        Assert.Equal("", help.Errors);
        Assert.Contains($"\n  scripts/{script} ", help.Output, StringComparison.Ordinal);
        Assert.Contains("Needs ", help.Output, StringComparison.Ordinal);
        Assert.All(help.Output.Split('\n'), line => Assert.False(line.StartsWith('#') || line.StartsWith("set ", StringComparison.Ordinal), line));
    }

    [Theory]
    [MemberData(nameof(ScriptsWithoutProgram))]
    public void A_wrong_option_is_refused_by_name(string script)
    {
        using RunningProcess wrong = RunningProcess.Start(Path.Combine(Folder, script), ["--no-such-option"]);
        wrong.ExpectExit(2, Seconds);
        Assert.Matches($"^{Path.GetFileNameWithoutExtension(script)}: .*--no-such-option.*\\(--help\\)\n$", wrong.Errors);
    }
}
