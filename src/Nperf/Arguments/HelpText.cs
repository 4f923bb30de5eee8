using System.Text;
using Nperf.Launch;

namespace Nperf.Arguments;

/// <summary>The text of <c>--help</c>, made from <see cref="OptionTable"/>; at most 80 columns.</summary>
internal static class HelpText
{
    private const int Width = 80;
    private const int HelpColumn = 28;

    public static string Build()
    {
        var text = new StringBuilder();
        text.AppendLine("nperf: how fast and how healthy is the fabric between ranks")
            .AppendLine()
            .AppendLine("Usage: nperf [--local] [OPTIONS]       this machine alone, all its ranks")
            .AppendLine("       nperf -s [-n CLIENTS] [OPTIONS] server, rank 0")
            .AppendLine("       nperf -c HOST [OPTIONS]         client")
            .AppendLine("       srun nperf [OPTIONS]            or torchrun, mpirun: the mode is theirs")
            .AppendLine("       mpirun -np N nperf --mpi        one process of an MPI job")
            .AppendLine("       nperf --nccl-bootstrap --rank N --world-size N [OPTIONS]")
            .AppendLine("       nperf launch --hosts LIST -- OPTIONS    server and clients over ssh")
            .AppendLine("       nperf doctor [--nccl-lib PATH]  what this machine has, what is missing")
            .AppendLine("       nperf pairs [OPTIONS]           every pair of ranks, as --pattern pairs")
            .AppendLine("       nperf find-slow [OPTIONS]       from all ranks to those that slow them")
            .AppendLine("       nperf algorithms                the host backend's table of algorithms")
            .AppendLine("       nperf compare BASE NEW          documents of runs before and after")
            .AppendLine("       nperf report FILE... -o PAGE    documents of runs as a page with charts");
        AppendGroup(text, OptionGroup.Modes, "Modes");
        AppendGroup(text, OptionGroup.WhatToRun, "What to run");
        AppendGroup(text, OptionGroup.Output, "Output");
        text.AppendLine().Append("""
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
            """);
        return text.ToString();
    }

    /// <summary>The text of <c>nperf launch --help</c>.</summary>
    public static string BuildLaunch()
    {
        var text = new StringBuilder();
        text.AppendLine("nperf launch: one run over several hosts, started with ssh")
            .AppendLine()
            .AppendLine("Usage: nperf launch --hosts LIST [OPTIONS] [-- OPTIONS OF THE RUN]")
            .AppendLine("       nperf launch --hostfile FILE [OPTIONS] [-- OPTIONS OF THE RUN]")
            .AppendLine();
        foreach (OptionDefinition option in LaunchTable.All) AppendOption(text, option);
        text.AppendLine().Append("""
            The first host has the server, each further one a client; a list of one host is
            a local run there. localhost needs no ssh. What goes behind -- is in nperf
            --help, but for the modes and -n; -o FILE and --traffic FILE are files of this
            machine.

            Examples:
              nperf launch --hosts node[1-4] -- --op allreduce -b 1M -B 1G
              nperf launch --hostfile hosts --copy -- -g all -J -o results.json

            The exit code is that of the run (nperf --help); 1 also where a host was not
            reached.
            """);
        return text.ToString();
    }

    /// <summary>The text of <c>nperf compare --help</c>.</summary>
    public static string BuildCompare()
    {
        var text = new StringBuilder();
        text.AppendLine("nperf compare: whether runs after a change are slower than those before")
            .AppendLine()
            .AppendLine("Usage: nperf compare [OPTIONS] BASE NEW")
            .AppendLine("       nperf compare [OPTIONS] BASE... -- NEW...")
            .AppendLine();
        foreach (OptionDefinition option in CompareLine.Options) AppendOption(text, option);
        text.AppendLine().Append("""
            BASE and NEW are documents of nperf -J, or folders of them (*.json). Each
            document is one observation: three or more a side show how runs of the same
            differ; with fewer that is assumed to be 1 % from process to process. A
            difference within noise is called equal.

            Examples:
              nperf compare base.json new.json
              nperf compare --max-regression 5% before/ after/
              nperf compare a1.json a2.json a3.json -- b1.json b2.json b3.json

            Exit codes: 0 not worse, 1 failed, 2 usage, or runs that were not of the same,
            4 slower by more than noise and --max-regression
            """);
        return text.ToString();
    }

    /// <summary>The text of <c>nperf report --help</c>.</summary>
    public static string BuildReport()
    {
        var text = new StringBuilder();
        text.AppendLine("nperf report: runs as one page with charts and tables, or one chart as a picture")
            .AppendLine()
            .AppendLine("Usage: nperf report [OPTIONS] FILE...")
            .AppendLine();
        foreach (OptionDefinition option in ReportLine.Options) AppendOption(text, option);
        text.AppendLine().Append("""
            FILE is a document of nperf -J, or a folder of them (*.json); several runs stand
            in the same charts. The page is one file that loads nothing.

            Examples:
              nperf report results.json -o report.html
              nperf report before.json after.json -o report.html
              nperf report results.json --format svg --chart time -o time.svg

            Exit codes: 0 done, 1 failed, 2 usage, or a file that is no such document
            """);
        return text.ToString();
    }

    private static void AppendGroup(StringBuilder text, OptionGroup group, string heading)
    {
        text.AppendLine().Append(heading).AppendLine(":");
        foreach (OptionDefinition option in OptionTable.All.Where(option => option.Group == group))
            AppendOption(text, option);
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
