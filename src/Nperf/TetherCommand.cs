using System.ComponentModel;
using Nperf.Arguments;
using Nperf.Core.Launch;
using Nperf.Output;

namespace Nperf;

/// <summary>
/// <c>nperf tethered SECONDS OPTIONS</c>, which <c>nperf launch</c> starts on each host: <c>nperf OPTIONS</c>, tied to
/// standard input (<see cref="Tether"/>).
/// </summary>
internal static class TetherCommand
{
    /// <summary>Runs to the end; returns the exit code.</summary>
    /// <param name="words">The command line behind <see cref="Tether.Word"/>.</param>
    public static int Execute(string[] words)
    {
        double seconds = 0;
        bool isLaunched = words.Length > 0 && Values.Timeout(words[0], out seconds) is null && Console.IsInputRedirected;
        if (!isLaunched) return Refuse($"'{Tether.Word}': nperf launch starts this on each host; nobody types it");
        using Stream input = Console.OpenStandardInput();
        using Stream output = Console.OpenStandardOutput();
        try
        {
            return Tether.Execute(TimeSpan.FromSeconds(seconds), words[1..], input, output);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
        {
            StandardStreams.TrySay(StandardStreams.Error, ErrorLine.Of($"cannot start on {Environment.MachineName}: {Reason.Of(exception)}"));
            return ExitCode.Failed;
        }
    }

    /// <summary>Ties this process, the command of a tether, to it; false, and said, where there is none.</summary>
    public static bool TryTie()
    {
        bool isTied = Tether.TryTie();
        if (!isTied) Refuse($"{Tether.Variable} is set in the environment: nperf sets it for processes that it starts itself; unset it");
        return isTied;
    }

    private static int Refuse(string message)
    {
        StandardStreams.TrySay(StandardStreams.Error, ErrorLine.Of(message));
        return ExitCode.Usage;
    }
}
