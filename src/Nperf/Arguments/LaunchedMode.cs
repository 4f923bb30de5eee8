using Nperf.Core.Launchers;
using Nperf.Core.Options;

namespace Nperf.Arguments;

/// <summary>The mode where a launcher (torchrun, srun, mpirun, an indexed Job) chose it: process 0 is the server.</summary>
internal static class LaunchedMode
{
    /// <summary>What started this process with others. Whatever option names a mode wins.</summary>
    public static Launched? Find(GivenOptions given, IReadOnlyDictionary<string, string> environment)
    {
        bool isLocal = given.Has(OptionTable.Local);
        if (!isLocal && OptionTable.ModeOptions.Any(given.Has)) return null;
        try
        {
            return Launcher.Find(environment);
        }
        catch (LauncherException exception)
        {
            if (!isLocal) given.Refuse(exception.Message);
            return null;
        }
    }

    /// <summary>The mode of a process of <paramref name="launched"/>: socket mode, or MPI where nobody says who is the server.</summary>
    public static Mode Of(Launched launched) =>
        launched.ServerHost is null ? Mode.Mpi
        : launched.Process == 0 ? Mode.Server
        : Mode.Client;

    /// <summary>The options of this process at its place, and the mistakes of <paramref name="given"/> that it makes.</summary>
    public static ProcessOptions Apply(GivenOptions given, ProcessOptions options, Launched launched)
    {
        string started = $"{launched.Launcher} started {launched.Processes} processes";
        if (options.Mode == Mode.Local) return options with { Found = $"{started}; with --local each has a run of its own" };
        string place = $"started by {launched.Launcher}: process {launched.Process} of {launched.Processes}";
        string variables = string.Join(", ", launched.Variables);
        options = options with { LeavesOutputToServer = launched.Process > 0 };
        if (options.Mode == Mode.Mpi) return options with { Found = $"{place}, joined by MPI ({variables})" };
        if (given.Has(OptionTable.NumGpus))
            given.Refuse(OptionTable.NumGpus, $"{started}, and that is how many there are; the ranks of each are -g");
        int port = given.Has(OptionTable.Port) ? options.Port : launched.Port ?? options.Port;
        if (port == 0) given.Refuse(OptionTable.Port, "0 is no port that the others could know; name one");
        return options with
        {
            Assigned = new AssignedPlace(launched.Process, launched.Processes),
            StartedBy = launched.Launcher.ToLowerInvariant(),
            ServerHost = launched.ServerHost,
            Port = port,
            Found = $"{place}, server {launched.ServerHost} port {port} ({variables})",
        };
    }
}
