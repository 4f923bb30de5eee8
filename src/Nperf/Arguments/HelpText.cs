using System.Text;

namespace Nperf.Arguments;

/// <summary>The texts of <c>--help</c>, made from <see cref="OptionTable"/> and <see cref="CommandTable"/>; at most 80 columns.</summary>
internal static class HelpText
{
    private const int Width = 80;
    private const int HelpColumn = 28;
    private const int UsageColumn = 39;

    /// <summary>What nperf is, in one line.</summary>
    public const string Title = "how fast and how healthy is the fabric between ranks";

    /// <summary>The headings that options stand under, in their order.</summary>
    public static IReadOnlyList<(OptionGroup Group, string Heading)> Groups { get; } =
        [(OptionGroup.Modes, "Modes"), (OptionGroup.WhatToRun, "What to run"), (OptionGroup.Output, "Output")];

    /// <summary>How nperf is started, a line each: the ways to run it, then its commands.</summary>
    public static IReadOnlyList<string> Usage { get; } =
    [
        Line("nperf [--local] [OPTIONS]", "this machine alone, all its ranks"),
        Line("nperf -s [-n CLIENTS] [OPTIONS]", "server, rank 0"),
        Line("nperf -c HOST [OPTIONS]", "client"),
        Line("srun nperf [OPTIONS]", "or torchrun, mpirun: the mode is theirs"),
        Line("mpirun -np N nperf --mpi", "one process of an MPI job"),
        "nperf --nccl-bootstrap --rank N --world-size N [OPTIONS]",
        .. CommandTable.All.Select(command => Line($"nperf {command.Word} {command.Arguments}".TrimEnd(), command.Help)),
    ];

    /// <summary>What is to be known beyond the options: paragraphs, examples, exit codes.</summary>
    public const string Rest = """
        SIZE is a whole number of bytes; K, M, G and T are powers of 1024 (1K = 1024).
        LIST is one value, several with commas, or all. SECONDS may have decimals.
        A client takes what to run from the server; what it is given must agree.
        Times are in microseconds, bandwidth in GB/s (10^9 bytes a second).

        Examples:
          nperf --op allreduce -b 1K -B 16M      this machine alone, two ranks
          nperf -s -n 1 --op allreduce -b 1M     node1: wait for one client
          nperf -c node1                         node2: join it

        Exit codes: 0 done, 1 failed, 2 usage, 3 wrong results, 4 not as expected,
        129 hung up (SIGHUP), 130 interrupted (SIGINT), 143 terminated (SIGTERM)
        """;

    /// <summary>That of nperf itself.</summary>
    public static string Build()
    {
        var text = new StringBuilder();
        text.AppendLine($"nperf: {Title}").AppendLine();
        AppendUsage(text, Usage);
        foreach ((OptionGroup group, string heading) in Groups)
        {
            text.AppendLine().Append(heading).AppendLine(":");
            foreach (OptionDefinition option in OptionTable.All.Where(option => option.Group == group)) AppendOption(text, option);
        }

        return text.AppendLine().Append(Rest).ToString();
    }

    /// <summary>That of a command which has one of its own.</summary>
    public static string Build(CommandDefinition command)
    {
        var text = new StringBuilder();
        text.AppendLine($"nperf {command.Word}: {command.Title}").AppendLine();
        AppendUsage(text, command.Usage);
        text.AppendLine();
        foreach (OptionDefinition option in command.Options) AppendOption(text, option);
        return text.AppendLine().Append(command.Rest).ToString();
    }

    private static string Line(string usage, string help) => usage.Length < UsageColumn - 7 ? usage.PadRight(UsageColumn - 7) + help : $"{usage}    {help}";

    private static void AppendUsage(StringBuilder text, IEnumerable<string> lines)
    {
        string before = "Usage: ";
        foreach (string line in lines)
        {
            text.Append(before).AppendLine(line);
            before = "       ";
        }
    }

    private static void AppendOption(StringBuilder text, OptionDefinition option)
    {
        string value = option.Value is null ? "" : option.ValueIsOptional ? $" [{option.Value}]" : $" {option.Value}";
        string left = $"  {(option.Letter is null ? "   " : option.Letter + ",")} {option.Name}{value}";
        text.Append(left);
        int column = left.Length;
        if (column > HelpColumn - 2)
        {
            text.AppendLine();
            column = 0;
        }

        text.Append(' ', HelpColumn - column);
        column = HelpColumn;
        string help = option.Default is null ? option.Help : $"{option.Help} (default: {option.Default})";
        foreach (string word in help.Split(' '))
        {
            if (column > HelpColumn && column + 1 + word.Length > Width)
            {
                text.AppendLine().Append(' ', HelpColumn);
                column = HelpColumn;
            }

            if (column > HelpColumn)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += word.Length;
        }

        text.AppendLine();
    }
}
