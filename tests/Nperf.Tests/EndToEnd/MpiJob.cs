using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Nperf.Tests.EndToEnd;

/// <summary>Jobs of nperf, started by the mpirun of Open MPI and of MPICH, both as Debian has them; without it the test skips.</summary>
internal static class MpiJob
{
    /// <summary>Open MPI's launcher.</summary>
    public const string OpenMpi = "mpirun.openmpi";

    /// <summary>MPICH's.</summary>
    public const string Mpich = "mpirun.mpich";

    /// <summary>Long enough for a machine with far more to do than processors.</summary>
    public const double Patience = 120;

    /// <summary>What Open MPI needs on one machine, as root.</summary>
    private const string OpenMpiOptions =
        "--allow-run-as-root --oversubscribe --mca oob_tcp_if_include lo --mca btl vader,self --mca pml ob1";

    /// <summary>
    /// Starts <paramref name="ranks"/> processes, each with <c>--mpi</c> and <paramref name="arguments"/>, where a path stands
    /// in quotes.
    /// </summary>
    public static RunningProcess Start(
        string launcher, int ranks, string arguments, IReadOnlyDictionary<string, string?>? environment = null) =>
        Start(launcher, environment, $"-np {ranks} '{NperfBinary.Path}' --mpi {arguments}");

    /// <summary>Starts processes, one for each of <paramref name="arguments"/>.</summary>
    public static RunningProcess StartEach(string launcher, params string[] arguments) =>
        Start(launcher, null, string.Join(" : ", arguments.Select(own => $"-np 1 '{NperfBinary.Path}' --mpi {own}")));

    /// <summary>The document of a job that ends well and leaves no process behind.</summary>
    public static JsonElement Document(
        string launcher, int ranks, string arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using RunningProcess job = Start(launcher, ranks, $"{arguments} -J", environment);
        job.ExpectSuccess(Patience);
        JsonElement document = ResultsDocuments.Parse(job.Output);
        ChildProcesses.AssertGone(Processes(document));
        return document;
    }

    /// <summary>The ids of the processes of a job that shows its table, by their place, once it has begun.</summary>
    public static int[] WaitForProcesses(RunningProcess job, int count) =>
    [
        .. Enumerable.Range(0, count).Select(rank => int.Parse(
            job.WaitForLine($@"^  rank {rank}: .*, process (\d+)$", Patience).Groups[1].ValueSpan, CultureInfo.InvariantCulture)),
    ];

    public static IEnumerable<int> Processes(JsonElement document) => document.GetProperty("processes").EnumerateArray()
        .Select(process => process.GetProperty("processId").GetInt32());

    /// <summary>The lines of nperf's own errors.</summary>
    public static string[] ErrorsOf(RunningProcess job) =>
        [.. Regex.Matches(job.Errors, "(?m)^nperf: error: .*$").Select(match => match.Value)];

    private static IEnumerable<string> Words(string line) =>
        Regex.Matches(line, @"'[^']*'|\S+").Select(match => match.Value.Trim('\''));

    private static RunningProcess Start(string launcher, IReadOnlyDictionary<string, string?>? environment, string line)
    {
        Requirements.Program(launcher, launcher == OpenMpi ? "openmpi-bin" : "mpich");
        string options = launcher == OpenMpi ? OpenMpiOptions : "";
        return RunningProcess.Start(Requirements.Find(launcher)!, Words($"{options} {line}"), environment: environment);
    }
}
