using Nperf.Core.Results;
using Nperf.Launch;

namespace Nperf.Reports;

/// <summary>The command line that repeats a run, from what its document says was asked for.</summary>
internal static class RepeatCommand
{
    /// <summary>A line a process or launcher; what is at its default is left out.</summary>
    public static string Of(ResultsDocument document)
    {
        string variables = string.Concat(document.Environment.Variables
            .Where(one => one.Key.StartsWith("NCCL_", StringComparison.Ordinal))
            .Select(one => $"{one.Key}={ShellText.Word(Line(one.Value))} "));
        return string.Join('\n', Starts(document).Select(start => variables + start + RepeatOptions.Of(document)));
    }

    /// <summary>What the command needs and the document does not hold; empty where that is nothing.</summary>
    public static string Lacking(ResultsDocument document)
    {
        string[] lacking = [.. Lacks(document.Config)];
        return lacking.Length == 0 ? "" : $"It needs {string.Join(" and ", lacking)}.";
    }

    private static IEnumerable<string> Lacks(ConfigSection config)
    {
        if (config.AlgorithmTable is { Count: > 0 }) yield return $"a file with the lines of --algo-table: {string.Join("; ", config.AlgorithmTable)}";
        if (config.HasTraffic) yield return "the file of --traffic";
    }

    private static IEnumerable<string> Starts(ResultsDocument document)
    {
        ConfigSection config = document.Config;
        IReadOnlyList<ProcessSection> processes = document.Processes;
        int ranks = config.NumGpus, most = processes.Select(process => process.Ranks.Count).DefaultIfEmpty(1).Max();
        int hosts = Math.Max(1, processes.Select(process => process.Host).Distinct().Count());
        switch (config.Mode)
        {
            case "server" or "client":
                string server = processes.Count > 0 ? ShellText.Word(Line(processes[0].Host)) : "HOST";
                // The members of a command are processes of their own: what counts is the host.
                int[] commands = [.. processes.GroupBy(process => process.Host, process => process.Ranks.Count).Select(host => host.Sum())];
                yield return $"nperf -s -n {Math.Max(1, commands.Length - 1)}{PerCommand(commands.FirstOrDefault(1))}";
                foreach (int brought in commands.Skip(1).Distinct()) yield return $"nperf -c {server}{PerCommand(brought)}";
                break;
            case "mpi":
                yield return $"mpirun -np {processes.Count} nperf --mpi{PerCommand(most)}";
                break;
            case "nccl-bootstrap":
                for (int rank = 0; rank < processes.Count; rank++)
                    yield return $"NCCL_COMM_ID={config.Bootstrap?.Address} nperf --nccl-bootstrap --rank {rank} --world-size {processes.Count}{PerCommand(most)}";
                break;
            case "srun":
                yield return $"srun -N {hosts} -n {processes.Count} nperf{PerCommand(most)}";
                break;
            case "torchrun":
                yield return $"torchrun --nnodes {hosts} --nproc-per-node {processes.Count / hosts} --no-python nperf{PerCommand(most)}";
                break;
            case "mpirun":
                yield return $"mpirun -np {processes.Count} nperf{PerCommand(most)}";
                break;
            default:
                bool areProcesses = config.Backend == "host" && processes.Count > 1;
                yield return $"nperf{(ranks > 0 ? $" -n {ranks}" : "")}{(areProcesses ? " --ranks-in processes" : "")}";
                break;
        }
    }

    private static string PerCommand(int ranks) => ranks == 1 ? "" : $" -g {ranks}";

    // A document may come from anywhere: what is pasted into a shell is one line.
    private static string Line(string text) => Output.ErrorLine.OneLine(text);
}
