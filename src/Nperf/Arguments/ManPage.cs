using System.Reflection;
using System.Text;

namespace Nperf.Arguments;

/// <summary>The manual page of section 1, in the man(7) macros, from what <see cref="HelpText"/> is made from.</summary>
internal static class ManPage
{
    /// <summary>The command that prints it.</summary>
    public const string Word = "man";

    private const int Width = 78;

    private const string Description =
        "nperf runs collective operations (allreduce, allgather, alltoall and the others) between the ranks of a job: GPUs by NCCL, or "
        + "threads and processes on CPU memory, of one machine or many. It checks every result, and says how long they took and what "
        + "bandwidth that is.";

    private const string Examples = "Examples:", ExitCodes = "Exit codes: ";

    public static string Build()
    {
        var page = new StringBuilder();
        page.Append($".TH NPERF 1 \"{VersionDate}\" \"nperf {CommandLine.ProgramVersion}\" \"User Commands\"\n")
            .Append($".SH NAME\nnperf \\- {Text(HelpText.Title)}\n.SH SYNOPSIS\n");
        AppendBlock(page, HelpText.Usage);
        page.Append(".SH DESCRIPTION\n");
        AppendFilled(page, Description);
        page.Append(".SH OPTIONS\n");
        foreach ((OptionGroup group, string heading) in HelpText.Groups)
        {
            page.Append($".SS {heading}\n");
            AppendOptions(page, OptionTable.All.Where(option => option.Group == group));
        }

        page.Append(".SH COMMANDS\n");
        foreach (CommandDefinition command in CommandTable.All) AppendCommand(page, command);
        page.Append(".SH NOTES\n");
        AppendRest(page, HelpText.Rest, ".SH EXAMPLES", ".SH EXIT STATUS");
        return page.Append(".SH SEE ALSO\n.BR ssh (1),\n.BR mpirun (1),\n.BR srun (1),\n.BR iperf3 (1)").ToString();
    }

    /// <summary>When this version was made, for the foot of the page.</summary>
    private static string VersionDate => typeof(ManPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(one => one.Key == nameof(VersionDate)).Value!;

    private static void AppendCommand(StringBuilder page, CommandDefinition command)
    {
        page.Append($".SS nperf {Text($"{command.Word} {command.Arguments}".TrimEnd())}\n{Text(command.Title ?? command.Help)}\n");
        if (command.Usage.Count > 0)
        {
            page.Append(".PP\n");
            AppendBlock(page, command.Usage);
        }

        // Those of a run stand above.
        if (!ReferenceEquals(command.Options, OptionTable.All)) AppendOptions(page, command.Options.Where(option => option != OptionTable.Help));
        if (command.Rest.Length == 0) return;
        page.Append(".PP\n");
        AppendRest(page, command.Rest, ".PP\nExamples:\n.PP", ".PP\nExit codes:");
    }

    private static void AppendOptions(StringBuilder page, IEnumerable<OptionDefinition> options)
    {
        foreach (OptionDefinition option in options)
        {
            string value = option.Value is null ? "" : option.ValueIsOptional ? $" [\\fI{Text(option.Value)}\\fR]" : $" \\fI{Text(option.Value)}\\fR";
            string letter = option.Letter is null ? "" : $"\\fB{Text(option.Letter)}\\fR, ";
            string help = option.Default is null ? option.Help : $"{option.Help} (default: {option.Default})";
            page.Append($".TP\n{letter}\\fB{Text(option.Name)}\\fR{value}\n");
            AppendFilled(page, help);
        }
    }

    /// <summary>Paragraphs, of which examples and exit codes have headings of their own.</summary>
    private static void AppendRest(StringBuilder page, string rest, string examples, string exitCodes)
    {
        bool isFirst = true;
        foreach (string paragraph in rest.Split("\n\n"))
        {
            string[] lines = paragraph.Split('\n');
            if (lines[0] == Examples)
            {
                page.Append(examples).Append('\n');
                AppendBlock(page, lines.Skip(1).Select(line => line.Trim()));
            }
            else
            {
                bool isCodes = lines[0].StartsWith(ExitCodes, StringComparison.Ordinal);
                if (isCodes) lines[0] = lines[0][ExitCodes.Length..];
                page.Append(isCodes ? exitCodes + "\n" : isFirst ? "" : ".PP\n");
                AppendFilled(page, string.Join(' ', lines));
            }

            isFirst = false;
        }
    }

    private static void AppendBlock(StringBuilder page, IEnumerable<string> lines)
    {
        page.Append(".nf\n");
        foreach (string line in lines) page.Append(Text(line)).Append('\n');
        page.Append(".fi\n");
    }

    /// <summary>Text that is filled, in lines that an editor can show; none begins as a request does.</summary>
    private static void AppendFilled(StringBuilder page, string text)
    {
        int column = 0;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Text))
        {
            if (column > 0) page.Append(column + 1 + word.Length > Width ? '\n' : ' ');
            column = column + 1 + word.Length > Width ? word.Length : column + 1 + word.Length;
            page.Append(word);
        }

        page.Append('\n');
    }

    /// <summary>Text as it is: no dash becomes a hyphen, no line a request.</summary>
    private static string Text(string text)
    {
        string plain = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return plain.Length > 0 && plain[0] is '.' or '\'' ? $"\\&{plain}" : plain;
    }
}
