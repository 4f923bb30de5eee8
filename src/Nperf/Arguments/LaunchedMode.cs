using Nperf.Core.Launchers;
using Nperf.Core.Options;

namespace Nperf.Arguments;

/// <summary>The mode where a launcher (torchrun, srun, mpirun, an indexed Job) chose it: process 0 is the server.</summary>
internal static class LaunchedMode
{
    /// <summary>What started this process with others. Whatever option names a mode wins.</summary>
    public static Launched? Find(GivenOptions given, IReadOnlyDictionary<string, string> environment)
    {
        if (given.Has(OptionTable.Server) || given.Has(OptionTable.Client)) return null;
        if (given.Has(OptionTable.Mpi) || given.Has(OptionTable.NcclBootstrap)) return null;
        try
        {
            return Launcher.Find(environment);
        }
        catch (LauncherException exception)
        {
            if (!given.Has(OptionTable.Local)) given.Refuse(exception.Message);
            return null;
        }
    }

    /// <summary>The options of this process at its place, and the mistakes of <paramref name="given"/> that it makes.</summary>
    public static ProcessOptions Apply(GivenOptions given, ProcessOptions options, Launched launched)
    {
        string started = $"{launched.Launcher} started {launched.Processes} processes";
        if (given.Has(OptionTable.Local)) return options with { Found = $"{started}; with --local each has a run of its own" };
        if (launched.ServerHost is null)
        {
            given.Refuse(
                $"{started} ({string.Join(", ", launched.Variables)}) and tells none of them where rank 0 is: "
                + "set MASTER_ADDR to its host for all, or choose the mode (--local, -s, -c HOST)");
            return options;
        }

        if (given.Has(OptionTable.NumGpus))
            given.Refuse(OptionTable.NumGpus, $"{started}, and that is how many there are; the ranks of each are -g");
        int port = given.Has(OptionTable.Port) ? options.Port : launched.Port ?? options.Port;
        if (port == 0) given.Refuse(OptionTable.Port, "0 is no port that the others could know; name one");
        string place = $"process {launched.Process} of {launched.Processes}";
        return options with
        {
            Assigned = new AssignedPlace(launched.Process, launched.Processes),
            StartedBy = launched.Launcher.ToLowerInvariant(),
            ServerHost = launched.ServerHost,
            Port = port,
            Found = $"started by {launched.Launcher}: {place}, server {launched.ServerHost} port {port} "
                + $"({string.Join(", ", launched.Variables)})",
            LeavesOutputToServer = launched.Process > 0,
        };
    }
}
