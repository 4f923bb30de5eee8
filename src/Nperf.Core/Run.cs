using Nperf.Core.Benchmarking;
using Nperf.Core.Host;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;

namespace Nperf.Core;

/// <summary>How a run ended.</summary>
/// <param name="Document">All that was measured, whole and valid also where the run failed.</param>
/// <param name="Failure">Why it ended early, or null.</param>
/// <param name="Cause">Where in the program that came from, or null.</param>
public sealed record RunOutcome(ResultsDocument Document, Failure? Failure, Exception? Cause);

/// <summary>A run from the top down: rendezvous, communicators, benchmark, results.</summary>
public static class Run
{
    /// <summary>Takes part in a run until it ends.</summary>
    /// <param name="options">What to run; a client's are replaced by its server's.</param>
    /// <param name="given">The option names (<c>--bytes</c>) that a client was told and that must not differ.</param>
    /// <param name="process">How this process takes part.</param>
    /// <param name="abort">Set it to end the run early. A failure elsewhere sets it.</param>
    /// <param name="observer">Told what happens.</param>
    /// <param name="progress">Kept up to date for who draws it.</param>
    /// <returns>The outcome: a run that fails is an outcome too, not an exception.</returns>
    public static RunOutcome Execute(
        RunOptions options, IReadOnlySet<string> given, ProcessOptions process,
        AbortSignal abort, RunObserver observer, RunProgress progress)
    {
        DateTimeOffset startedAt = DateTimeOffset.UtcNow;
        Control? control = null;
        HostCommunicator[] communicators = [];
        Benchmark? benchmark = null;
        Failure? failure = null;
        Exception? cause = null;
        try
        {
            HostFabric.RequireInterface(process.Interface);
            control = Join(options, given, process, abort, observer);
            communicators = HostFabric.Connect(control, process.Interface);
            observer.RanksConnected(communicators[0].TransportSummary);
            benchmark = new Benchmark(control, communicators, observer, progress);
            benchmark.Run();
            control.Leave();
        }
        catch (Exception exception)
        {
            cause = exception;
            failure = abort.Failure ?? Failure.Of(exception);
            control?.Abort(failure);
        }
        RunOutcome outcome = new(
            DocumentBuilder.Build(
                startedAt, process.Mode, control?.Options ?? options, control?.World,
                communicators.Length > 0 ? communicators[0] : null,
                benchmark?.Results ?? [], failure),
            failure,
            cause);
        // A rank that did not leave in time may still use them; the process ends soon and takes them along.
        if (benchmark is null or { RanksHaveLeft: true })
        {
            foreach (HostCommunicator communicator in communicators) communicator.Dispose();
        }
        control?.Dispose();
        return outcome;
    }

    private static Control Join(
        RunOptions options, IReadOnlySet<string> given, ProcessOptions process, AbortSignal abort, RunObserver observer) =>
        process.Mode switch
        {
            Mode.Server => Rendezvous.Rendezvous.Serve(options, process, abort, observer),
            Mode.Client => Rendezvous.Rendezvous.Join(process, options, given, abort, observer),
            _ => Rendezvous.Rendezvous.Local(options, process, abort, observer),
        };
}
