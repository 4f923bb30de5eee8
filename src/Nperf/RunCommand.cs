using Nperf.Arguments;
using Nperf.Core;
using Nperf.Core.MpiMode;
using Nperf.Output;

namespace Nperf;

/// <summary>A run as its user sees it: what is printed, what is written, what it exits with.</summary>
internal static class RunCommand
{
    /// <summary>Runs to the end; returns the exit code.</summary>
    public static int Execute(ParsedCommand command, Signals signals)
    {
        var abort = new AbortSignal();
        var leaving = new LeaveWatch(abort, ExitCode.Of);
        signals.End(abort);
        var progress = new RunProgress();
        (RunOutcome? outcome, int code) = Show(
            command, progress, mpi: null,
            observer => Run.Execute(command.Run, command.Given, command.Process, abort, observer, progress));
        leaving.Written();
        return outcome is null ? code : ProcessEnd.Of(outcome, code);
    }

    /// <summary>Shows and writes what <paramref name="run"/> does: its outcome, null where nothing could be shown, and the exit code.</summary>
    public static (RunOutcome? Outcome, int Code) Show(
        ParsedCommand command, RunProgress progress, MpiFacts? mpi, Func<RunObserver, RunOutcome> run)
    {
        Report report;
        try
        {
            report = new Report(command.Console, command.Process, progress, mpi);
        }
        catch (RunException exception)
        {
            StandardStreams.TrySay(StandardStreams.Error, ErrorLine.Of(exception.Failure));
            return (null, ExitCode.Of(exception.Failure));
        }

        using (report)
        {
            RunOutcome outcome = run(report.Observer);
            outcome = outcome with { Document = ExpectationReport.Check(outcome.Document, command.Console.Expectations) };
            return (outcome, Finish(report, outcome));
        }
    }

    private static int Finish(Report report, RunOutcome outcome)
    {
        if (outcome.Failure is not null) report.Fail(outcome.Failure, outcome.Cause);
        else report.Say(ExpectationReport.Lines(outcome.Document.Expectations ?? []).Select(ErrorLine.Of));
        try
        {
            report.Finish(outcome.Document, outcome.Failure);
        }
        catch (RunException exception)
        {
            // A failed write has often ended the run already: said once is enough.
            if (exception.Message != outcome.Failure?.Message) report.Fail(exception.Failure, exception);
            return outcome.Failure is null ? ExitCode.Of(exception.Failure) : ExitCode.Of(outcome.Failure);
        }
        return ExitCode.Of(outcome.Failure, outcome.Document);
    }
}
