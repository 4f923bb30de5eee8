using Nperf.Arguments;
using Nperf.Core;
using Nperf.Core.MpiMode;
using Nperf.Output;

namespace Nperf;

/// <summary>
/// A process of an MPI job. All have the same command line; the first shows and writes everything, the others say only what
/// nobody else can know.
/// </summary>
internal static class MpiCommand
{
    /// <summary>Runs to the end; returns the exit code.</summary>
    public static int Execute(ParsedCommand command, Signals signals)
    {
        var abort = new AbortSignal();
        signals.End(abort);
        MpiSession session;
        try
        {
            session = MpiSession.Start(command.Process, abort);
        }
        catch (RunException exception)
        {
            return NotStarted(command, exception);
        }

        (RunOutcome? outcome, int code) = session.Rank == 0 ? Lead(command, session, abort) : Follow(command, session, abort);

        // From here on a signal ends this process at once: the launcher may send one to end the job.
        signals.Dispose();
        bool hasStopped = outcome?.HasStopped ?? true;
        bool failed = outcome is null or { Failure: not null };
        bool orderly = !failed || session.AgreeToEnd(outcome?.Failure, hasStopped);
        if (!orderly && session.Rank != 0) Say(outcome!.Failure!, outcome.Cause, command);
        return session.End(orderly, code, hasStopped);
    }

    private static (RunOutcome? Outcome, int Code) Lead(ParsedCommand command, MpiSession session, AbortSignal abort)
    {
        // The others wait for this one, which writes what there is and ends the job.
        var leaving = new LeaveWatch(abort, ExitCode.Of);
        var progress = new RunProgress();
        (RunOutcome? outcome, int code) = RunCommand.Show(
            command, progress, session.Facts,
            observer => Run.Execute(command.Run, command.Given, command.Process, abort, observer, progress, session));
        leaving.Written();
        if (outcome is null) session.Tell(new Failure(FailureKind.Error, "rank 0 cannot write its output"));
        return (outcome, code);
    }

    private static (RunOutcome Outcome, int Code) Follow(ParsedCommand command, MpiSession session, AbortSignal abort)
    {
        RunOutcome outcome = Run.Execute(
            command.Run, command.Given, command.Process, abort, new SilentObserver(), new RunProgress(), session);
        return (outcome, ExitCode.Of(outcome.Failure, outcome.Document.Results));
    }

    // Without MPI nobody knows of the others: each process says what ended it, and the launcher's first writes the document.
    private static int NotStarted(ParsedCommand command, RunException cause)
    {
        RunOutcome outcome = Run.NotBegun(command.Run, command.Process, cause);
        if (MpiSession.RankByLauncher == 0)
        {
            (_, int code) = RunCommand.Show(command, new RunProgress(), mpi: null, _ => outcome);
            return ProcessEnd.Of(outcome, code);
        }

        Say(cause.Failure, cause, command);
        return ProcessEnd.Of(outcome, ExitCode.Of(cause.Failure));
    }

    private static void Say(Failure failure, Exception? cause, ParsedCommand command)
    {
        string trace = command.Console.Debug && cause is not null ? $"\n{cause}" : "";
        StandardStreams.TrySay(StandardStreams.Error, ErrorLine.Of(failure) + trace);
    }
}
