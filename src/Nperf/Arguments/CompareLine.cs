namespace Nperf.Arguments;

/// <summary>The command line of <c>nperf compare</c>.</summary>
internal static class CompareLine
{
    /// <summary>The first word of such a command line.</summary>
    public const string Word = "compare";

    private const string Separator = "--";

    private static readonly OptionDefinition MaxRegression = new(
        "--max-regression", null, "PERCENT", OptionGroup.Compare,
        "slower by no more than this is not worse", "0%: any difference beyond noise is");

    private static readonly OptionDefinition Force = new(
        "--force", null, null, OptionGroup.Compare, "compare what all measured, also where the runs were not of the same thing");

    private static readonly OptionDefinition Json = new(
        "--json", "-J", null, OptionGroup.Compare, "print one JSON document instead of the table");

    /// <summary>Its options, in the order of the help text.</summary>
    public static IReadOnlyList<OptionDefinition> Options { get; } = [MaxRegression, Force, Json, OptionTable.Help];

    /// <summary>Reads <paramref name="args"/>, what follows the word. Never throws, prints nothing.</summary>
    public static ParsedCommand Parse(IReadOnlyList<string> args)
    {
        string[] first = [.. args.TakeWhile(word => word != Separator)], second = [.. args.Skip(first.Length + 1)];
        bool isDivided = first.Length < args.Count;
        var given = new GivenOptions([.. first, .. second], Options);
        if (given.Has(OptionTable.Help)) return new ParsedCommand { Text = HelpText.Build(CommandTable.Compare) };
        IReadOnlyList<string> all = given.TakeWords();
        IReadOnlyList<string> news = isDivided ? new GivenOptions(second, Options).TakeWords() : [.. all.Skip(1)];
        string[] bases = [.. all.SkipLast(news.Count)];
        double maxRegression = given.Read(MaxRegression, Values.Percent, 0.0);
        given.ReportUnknownWords();
        if (!isDivided && all.Count > 2)
            given.Refuse($"which are which? nperf {Word} BASE... -- NEW..., or two folders");
        else if (bases.Length == 0 || news.Count == 0)
            given.Refuse($"two sides are needed: nperf {Word} BASE NEW, or nperf {Word} BASE... -- NEW...");
        return given.Errors.Count > 0
            ? new ParsedCommand { Errors = given.Errors }
            : new ParsedCommand { Compare = new CompareOptions(bases, news, maxRegression, given.Has(Force), given.Has(Json)) };
    }
}
