using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Nperf.Tests.EndToEnd;

/// <summary>Starts MPI jobs with the mpirun of Open MPI and of MPICH, both as Debian has them.</summary>
internal static class Mpirun
{
    public const string OpenMpi = "openmpi";
    public const string Mpich = "mpich";

    /// <summary>Long enough for a machine with far more to do than processors.</summary>
    public const double Patience = 120;

    /// <summary>What Open MPI needs here; that it waits before it kills what it has told to end.</summary>
    private const string OpenMpiOptions = "--allow-run-as-root --oversubscribe --mca odls_base_sigkill_timeout 60";

    /// <summary>Starts <paramref name="ranks"/> processes, each with <c>--mpi</c> and <paramref name="arguments"/>.</summary>
    public static RunningProcess Start(
        string library, int ranks, string arguments, IReadOnlyDictionary<string, string?>? environment = null) =>
        Start(library, environment, $"-np {ranks} {NperfBinary.Path} --mpi {arguments}");

    /// <summary>Starts processes, one for each of <paramref name="arguments"/>.</summary>
    public static RunningProcess StartEach(string library, params string[] arguments) =>
        Start(library, null, string.Join(" : ", arguments.Select(own => $"-np 1 {NperfBinary.Path} --mpi {own}")));

    /// <summary>The document of a job that ends well and leaves no process behind.</summary>
    public static JsonElement Document(
        string library, int ranks, string arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using RunningProcess job = Start(library, ranks, $"{arguments} -J", environment);
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

    private static RunningProcess Start(string library, IReadOnlyDictionary<string, string?>? environment, string line)
    {
        string program = $"mpirun.{library}";
        Requirements.Program(program, library == OpenMpi ? "openmpi-bin" : "mpich");
        string options = library == OpenMpi ? OpenMpiOptions : "";
        return RunningProcess.Start(Requirements.Find(program)!, NperfBinary.Split($"{options} {line}"), environment: environment);
    }
}
