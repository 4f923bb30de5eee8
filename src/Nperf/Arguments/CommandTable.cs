using Nperf.Launch;

namespace Nperf.Arguments;

/// <summary>Every command, in the order of the help text.</summary>
internal static class CommandTable
{
    public static readonly CommandDefinition Launch = new(LaunchLine.Word, "--hosts LIST -- OPTIONS", "server and clients over ssh", LaunchTable.All)
    {
        Title = "one run over several hosts, started with ssh",
        Usage =
        [
            "nperf launch --hosts LIST [OPTIONS] [-- OPTIONS OF THE RUN]",
            "nperf launch --hostfile FILE [OPTIONS] [-- OPTIONS OF THE RUN]",
        ],
        Rest = """
            The first host has the server, each further one a client; a list of one host is
            a local run there. localhost needs no ssh. What goes behind -- is in nperf
            --help, but for the modes and -n; -o FILE and --traffic FILE are files of this
            machine.

            Examples:
              nperf launch --hosts node[1-4] -- --op allreduce -b 1M -B 1G
              nperf launch --hostfile hosts --copy -- -g all -J -o results.json

            The exit code is that of the run (nperf --help); 1 also where a host was not
            reached.
            """,
        HasRunBehind = true,
    };

    public static readonly CommandDefinition Compare = new(CompareLine.Word, "BASE NEW", "documents of runs before and after", CompareLine.Options)
    {
        Title = "whether runs after a change are slower than those before",
        Usage = ["nperf compare [OPTIONS] BASE NEW", "nperf compare [OPTIONS] BASE... -- NEW..."],
        Rest = """
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
            """,
        TakesFiles = true,
    };

    public static readonly CommandDefinition Report = new(ReportLine.Word, "FILE... -o PAGE", "documents of runs as a page with charts", ReportLine.Options)
    {
        Title = "runs as one page with charts and tables, or one chart as a picture",
        Usage = ["nperf report [OPTIONS] FILE..."],
        Rest = """
            FILE is a document of nperf -J, or a folder of them (*.json); several runs stand
            in the same charts. The page is one file that loads nothing.

            Examples:
              nperf report results.json -o report.html
              nperf report before.json after.json -o report.html
              nperf report results.json --format svg --chart time -o time.svg

            Exit codes: 0 done, 1 failed, 2 usage, or a file that is no such document
            """,
        TakesFiles = true,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CommandDefinition> All { get; } =
    [
        Launch,
        new(CommandLine.DoctorWord, "[--nccl-lib PATH]", "what this machine has, what is missing", [OptionTable.NcclLib, OptionTable.Help]),
        new("pairs", "[OPTIONS]", "every pair of ranks, as --pattern pairs", OptionTable.All),
        new("find-slow", "[OPTIONS]", "from all ranks to those that slow them", OptionTable.All),
        new(AlgorithmFile.Word, "", "the host backend's table of algorithms", [OptionTable.Help]),
        Compare,
        Report,
        new(CompletionLine.Word, "SHELL", "a script for bash, zsh or fish", [OptionTable.Help]) { Words = [.. CompletionLine.Shells.Keys] },
        new(ManPage.Word, "", "the manual page, for man -l -", [OptionTable.Help]),
    ];

    /// <summary>The command that a command line begins with, or null.</summary>
    public static CommandDefinition? Of(IReadOnlyList<string> args) =>
        args.Count > 0 ? All.FirstOrDefault(command => command.Word == args[0]) : null;
}
