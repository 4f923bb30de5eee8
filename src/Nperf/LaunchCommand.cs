using System.Runtime.CompilerServices;
using Nperf.Core;
using Nperf.Core.Launch;
using Nperf.Launch;
using Nperf.Output;

namespace Nperf;

/// <summary><c>nperf launch</c>: one run over several hosts, started from here.</summary>
internal static class LaunchCommand
{
    /// <summary>Launches, waits for the end of it all, and returns the exit code.</summary>
    public static int Execute(LaunchOptions options, Signals signals)
    {
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            Say(ErrorLine.Of("this nperf is a managed build, of several files that need .NET: a launch takes the native one (./nperf builds it where gcc or clang is installed)"));
            return ExitCode.Failed;
        }

        if (options.DryRun) return Print(options);
        var abort = new AbortSignal();
        signals.End(abort);
        var voices = new HostVoices(options.Hosts);
        int code = Run(options, abort, voices);
        foreach (string line in voices.ErrorLines()) Say(line);
        if (voices.HasErrorWith($"unknown host {options.Run.ServerAddress}"))
            Say($"nperf: the hosts look for the server as {options.Run.ServerAddress}; where they know it by another name, give that with --server-address");
        if (abort.Failure is { } failure) Say(ErrorLine.Of(failure));
        return code;
    }

    private static int Run(LaunchOptions options, AbortSignal abort, HostVoices voices)
    {
        try
        {
            return new ClusterRun(options, abort, voices).ExecuteAsync().GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            abort.Set(Failure.Of(exception));
            return ExitCode.Of(abort.Failure!);
        }
    }

    private static int Print(LaunchOptions options)
    {
        string script = LaunchScript.Build(options, Environment.ProcessPath!, ProgramFile.Read().Hash);
        return StandardStreams.TrySay(StandardStreams.Output, script.TrimEnd('\n')) ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Say(string line) => StandardStreams.TrySay(StandardStreams.Error, line);
}
