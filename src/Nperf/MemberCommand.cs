using Nperf.Arguments;
using Nperf.Core;
using Nperf.Core.Rendezvous;
using Nperf.Output;

namespace Nperf;

/// <summary>
/// A member process: takes part in a run for the process that started it, which shows and writes everything. It has the
/// command line of that process, and prints only what nobody else can know.
/// </summary>
internal static class MemberCommand
{
    /// <summary>Runs to the end; returns the exit code.</summary>
    /// <param name="starter">The value of <see cref="Membership.Variable"/>.</param>
    /// <param name="args">The command line.</param>
    public static int Execute(string starter, string[] args)
    {
        MemberPlace place;
        try
        {
            // Somebody who types waits for nothing of the kind.
            using Stream input = Console.IsInputRedirected ? Console.OpenStandardInput() : Stream.Null;
            place = Membership.Take(starter, input);
        }
        catch (RunException exception)
        {
            StandardStreams.TrySay(StandardStreams.Error, ErrorLine.Of(exception.Failure));
            return ExitCode.Usage;
        }

        ParsedCommand command = CommandLine.Parse(args, EnvironmentVariables.All(), readsToken: false);
        var abort = new AbortSignal();
        var leaving = new LeaveWatch(abort, _ => ExitCode.Failed);
        RunOutcome outcome = Run.Execute(
            command.Run, new HashSet<string>(), place.Apply(command.Process), abort, new SilentObserver(), new RunProgress());
        if (outcome.Failure is not null) Say(outcome, outcome.Failure, command.Console.Debug);
        leaving.Written();

        // Those of signals, which only whoever was sent one exits with, would tell the starter that this process got it.
        return ProcessEnd.Of(outcome, outcome.Failure is null ? ExitCode.Done : ExitCode.Failed);
    }

    /// <summary>
    /// Once it has joined, a failure reaches the others over the control connection: here is said only what it cannot carry.
    /// </summary>
    private static void Say(RunOutcome outcome, Failure failure, bool debug)
    {
        bool joined = outcome.Document.Processes.Count > 0;
        bool isOwn = !joined || outcome.Document.Processes.Any(
            process => process.ProcessId == Environment.ProcessId && process.Ranks.Contains(failure.Rank ?? -1));
        if (debug && isOwn && outcome.Cause is not null) StandardStreams.TrySay(StandardStreams.Error, outcome.Cause.ToString());
        if (!joined) StandardStreams.TrySay(StandardStreams.Error, ErrorLine.Of(failure.Message));
    }
}
