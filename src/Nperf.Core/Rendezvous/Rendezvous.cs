using Nperf.Core.MpiMode;
using Nperf.Core.Options;

namespace Nperf.Core.Rendezvous;

/// <summary>How the processes of a run find each other. Each call returns when every process has: a first barrier.</summary>
/// <remarks>
/// The calls block: they are for a thread of the caller's own. The abort signal stays the caller's; setting it gives
/// the run up on every process that has joined.
/// </remarks>
internal static class Rendezvous
{
    /// <summary>A run of one process with all its ranks, without a network; or of it and its members.</summary>
    /// <exception cref="RunException">A member could not be started, or did not join in time.</exception>
    public static Control Local(RunOptions options, ProcessOptions process, AbortSignal abort, RunObserver observer)
    {
        Check(process, abort, observer);
        ArgumentNullException.ThrowIfNull(options);
        if (process.Processes > 1) return Serve(options, process, abort, observer);
        World world = new([ThisProcess.Describe(0, 0, process.RanksPerProcess, ThisProcess.NoAddress)]);
        byte[] runId = ControlLimits.NewRunId();
        ServerControl control = new(new Peers(abort, rank: 0, process.RanksPerProcess, options.Timeout), world, options, runId, localAddress: null);
        try
        {
            observer.WorldComplete(control);
            return control;
        }
        catch
        {
            control.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Listens on <see cref="ProcessOptions.Port"/> and waits for <see cref="ProcessOptions.ExpectedClients"/> or for the
    /// others of the world of its <see cref="ProcessOptions.Assigned"/> place, for their members and for its own.
    /// </summary>
    /// <exception cref="RunException">
    /// The port cannot be had; NCCL's address is another machine's (<see cref="ProcessOptions.Bootstrap"/>); too few came in
    /// time; a client has other options, another version or a place that it cannot have, or was lost.
    /// </exception>
    public static Control Serve(RunOptions options, ProcessOptions process, AbortSignal abort, RunObserver observer)
    {
        Check(process, abort, observer);
        ArgumentNullException.ThrowIfNull(options);
        if (process.Assigned is not (null or { Rank: 0, WorldSize: > 0 }))
            throw new ArgumentException($"{process.Assigned} is not the server's", nameof(process));
        if (process.Bootstrap is { } address) OwnAddress.Require(address, process.JoinTimeoutSeconds, abort);
        using ServerRendezvous server = new(options, process, abort, observer);
        return server.Run();
    }

    /// <summary>Joins the server at <see cref="ProcessOptions.ServerHost"/>, whose options then are the run's.</summary>
    /// <param name="process">Where the server is, and what this process brings.</param>
    /// <param name="options">The values of the options that were given to this process.</param>
    /// <param name="given">The names (<see cref="RunOptionsText.Names"/>) of those that were: they have to be the server's.</param>
    /// <param name="abort">Gives up the waiting, and later the run.</param>
    /// <param name="observer">Told what goes on.</param>
    /// <exception cref="RunException">
    /// The server cannot be reached or is none, refuses this client, or the run ended before it began.
    /// </exception>
    public static Control Join(
        ProcessOptions process, RunOptions options, IReadOnlySet<string> given, AbortSignal abort, RunObserver observer)
    {
        Check(process, abort, observer);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(given);
        if (process.Assigned is { } place && (place.Rank < 1 || place.Rank >= place.WorldSize))
            throw new ArgumentException($"{place} is no client's", nameof(process));
        return new ClientRendezvous(process, options, given, abort, observer).Run();
    }

    /// <summary>Joins the other processes of an MPI job, whose first one's options then are the run's.</summary>
    /// <param name="session">This process in the job.</param>
    /// <param name="process">What it brings.</param>
    /// <param name="options">The values of the options that were given to this process.</param>
    /// <param name="given">The names (<see cref="RunOptionsText.Names"/>) of those that were: they have to be the first one's.</param>
    /// <param name="abort">Gives up the waiting, and later the run.</param>
    /// <param name="observer">Told what goes on.</param>
    /// <exception cref="RunException">
    /// A process did not join in time, has other options or another version of nperf, or gave up; the caller tells the others
    /// (<see cref="MpiSession.Tell"/>).
    /// </exception>
    public static Control ByMpi(
        MpiSession session, ProcessOptions process, RunOptions options, IReadOnlySet<string> given, AbortSignal abort,
        RunObserver observer)
    {
        Check(process, abort, observer);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(given);
        return new MpiRendezvous(session, options, given, process, abort, observer).Run();
    }

    private static void Check(ProcessOptions process, AbortSignal abort, RunObserver observer)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(abort);
        ArgumentNullException.ThrowIfNull(observer);
        if (process.RanksPerProcess is >= 1 and <= Refusals.MostRanks) return;
        throw new RunException(
            FailureKind.Error, $"{process.RanksPerProcess} ranks; a process brings from 1 to {Refusals.MostRanks}");
    }
}
