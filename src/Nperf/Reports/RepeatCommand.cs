using System.Globalization;
using Nperf.Core.Options;
using Nperf.Core.Results;
using Nperf.Launch;

namespace Nperf.Reports;

/// <summary>The command line that repeats a run, from what its document says was asked for.</summary>
internal static class RepeatCommand
{
    private static readonly RunOptions Defaults = new();

    /// <summary>A line a process or launcher; what is at its default is left out.</summary>
    public static string Of(ResultsDocument document)
    {
        string variables = string.Concat(document.Environment.Variables
            .Where(one => one.Key.StartsWith("NCCL_", StringComparison.Ordinal))
            .Select(one => $"{one.Key}={ShellText.Word(Line(one.Value))} "));
        return string.Join('\n', Starts(document).Select(start => variables + start + Options(document.Config)));
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

    private static string Options(ConfigSection config)
    {
        var words = new List<string>();
        Add("--pattern", config.Pattern, "collectives");
        if (config.Pattern == "collectives") Add("--op", config.Operation, "");
        Add("--dtype", config.DataType, "float32");
        Add("--redop", config.ReduceOp, "sum");
        Add("--root", config.Root, "0");
        Add("--spread", Number(config.Spread), Number(Defaults.Spread));
        if (config.HasTraffic) words.AddRange(["--traffic", "FILE"]);
        Add("--split", config.Split ?? "", "");
        Add("--in-place", config.InPlace, "no");
        Add("-b", Size(config.MinBytes), Size(Defaults.MinBytes));
        Add("-B", Size(config.MaxBytes), Size(config.MinBytes));
        if (config.StepBytes > 0) Add("--step-bytes", Size(config.StepBytes), "");
        else Add("-S", Number(config.StepFactor), "2");
        if (config.Seconds > 0) Add("-t", Number(config.Seconds), "");
        else Add("-i", Number(config.Iterations), Number(Defaults.Iterations));
        Add("-O", Number(config.OmitSeconds), "0");
        Add("-w", Number(config.WarmupIterations), Number(Defaults.WarmupIterations));
        Add("--cycles", Number(config.Cycles), "1");
        Add("--verify", config.Verify, "once");
        Add("--verify-tolerance", Number(config.VerifyTolerance), "0");
        Add("--backend", config.Backend, "");
        Add("--transport", config.Transport, "auto");
        Add("--streams", Number(config.Streams), "1");
        Add("--tcp-congestion", config.TcpCongestion ?? "", "");
        Add("--algo", config.Algorithm, RunOptions.AutoName);
        if (config.AlgorithmTable is { Count: > 0 }) words.AddRange(["--algo-table", "FILE"]);
        Add("--wait", config.Wait, "auto");
        Add("--proto", config.Protocol, RunOptions.AutoName);
        if (config.GraphLaunches > 0) words.Add($"--graph={Number(config.GraphLaunches)}");
        Add("--aggregate", Number(config.Aggregate), "1");
        Add("--register", config.Register, "none");
        Add("--cta-policy", config.CtaPolicy, "default");
        Add("--sync", config.Sync, "none");
        return words.Count == 0 ? "" : $" {ShellText.Command(words)}";

        void Add(string option, string value, string ifNot)
        {
            if (value != ifNot) words.AddRange([option, Line(value)]);
        }
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Size(long bytes)
    {
        (int Shift, string Unit)[] units = [(40, "T"), (30, "G"), (20, "M"), (10, "K")];
        foreach ((int shift, string unit) in units)
        {
            if (bytes > 0 && bytes % (1L << shift) == 0) return $"{bytes >> shift}{unit}";
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }

    // A document may come from anywhere: what is pasted into a shell is one line.
    private static string Line(string text) => Output.ErrorLine.OneLine(text);
}
