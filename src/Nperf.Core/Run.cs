using Nperf.Core.Benchmarking;
using Nperf.Core.Host;
using Nperf.Core.Liveness;
using Nperf.Core.MpiBackend;
using Nperf.Core.MpiMode;
using Nperf.Core.NcclBackend;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;
using Nperf.Core.Topology;

namespace Nperf.Core;

/// <summary>How a run ended.</summary>
/// <param name="Document">All that was measured, whole and valid also where the run failed.</param>
/// <param name="Failure">Why it ended early, or null.</param>
/// <param name="Cause">Where in the program that came from, or null.</param>
internal sealed record RunOutcome(ResultsDocument Document, Failure? Failure, Exception? Cause)
{
    /// <summary>False where a thread could not be brought to its end: the process has to leave by force.</summary>
    public bool HasStopped { get; init; } = true;
}

/// <summary>A run from the top down: rendezvous, communicators, benchmark, results.</summary>
internal static class Run
{
    /// <summary>Takes part in a run until it ends.</summary>
    /// <param name="options">What to run; a client's are replaced by its server's.</param>
    /// <param name="given">The option names (<c>--bytes</c>) that a client was told and that must not differ.</param>
    /// <param name="process">How this process takes part.</param>
    /// <param name="abort">Set it to end the run early. A failure elsewhere sets it.</param>
    /// <param name="observer">Told what happens.</param>
    /// <param name="progress">Kept up to date for who draws it.</param>
    /// <param name="mpi">The job that this process is part of, where it takes part by MPI.</param>
    /// <returns>The outcome: a run that fails is an outcome too, not an exception.</returns>
    public static RunOutcome Execute(
        RunOptions options, IReadOnlySet<string> given, ProcessOptions process,
        AbortSignal abort, RunObserver observer, RunProgress progress, MpiSession? mpi = null)
    {
        DateTimeOffset startedAt = DateTimeOffset.UtcNow;
        Control? control = null;
        Fabric? fabric = null;
        BenchmarkRun? benchmark = null;
        Failure? failure = null;
        Exception? cause = null;
        bool returns = EndsUnlessAborted(TakePart, abort);
        if (!returns || cause is not null)
        {
            failure = abort.Failure ?? Failure.Of(cause!);
            control?.Abort(failure);
            failure = control?.Here(abort.Failure ?? failure) ?? failure;
            if (control is null) mpi?.Tell(failure);
        }
        RunOutcome outcome = new(
            DocumentBuilder.Build(
                startedAt, process, control?.Options ?? options, control?.World, control?.Self,
                fabric?.Facts, benchmark?.Nccl, benchmark?.Results ?? [], failure, mpi?.Facts, benchmark?.LeftOut ?? 0,
                benchmark?.Findings?.Pairs, benchmark?.Findings?.FindSlow),
            failure,
            cause)
        {
            HasStopped = EndRanks(fabric, benchmark, abort) && returns,
        };
        control?.Dispose();
        return outcome;

        void TakePart()
        {
            try
            {
                HostFabric.RequireNetwork(process.Interfaces, options.TcpCongestion);
                bool isOnHost = options.Backend is Backend.Host or Backend.Mpi || options.Transport != Transport.Auto;
                NcclOffer offer = isOnHost ? NcclOffer.None : Look(process, abort);
                process = RankCount.Resolve(process, offer);
                control = Join(options, given, process, abort, observer, mpi);
                if (control.Options.Topology)
                {
                    // A client that was told nothing does what its server does, which shows what is gathered.
                    TopologyRun.Gather(control);
                }
                else
                {
                    foreach (RankMark mark in control.Marks) mark.Enter(RankStep.Connecting);
                    RequirePlan(control);
                    fabric = Fabric.Connect(control, process, offer, mpi);
                    observer.RanksConnected(fabric.Facts);
                    benchmark = new BenchmarkRun(control, fabric.Communicators, observer, progress) { Facts = fabric.Facts };
                    benchmark.Run();
                    Release(fabric, control);
                }
                control.Leave();
            }
            catch (Exception exception)
            {
                cause = exception;
            }
        }
    }

    /// <summary>
    /// Runs <paramref name="body"/> on a thread of its own: it calls libraries, which may hang. False where it did not return
    /// in time after the run had been given up.
    /// </summary>
    private static bool EndsUnlessAborted(ThreadStart body, AbortSignal abort)
    {
        var thread = new Thread(body) { IsBackground = true, Name = "run" };
        thread.Start();
        while (!thread.Join(NativeCall.Glance))
            if (abort.Age > LeaveTimes.Communicators) return false;
        return true;
    }

    /// <summary>Refuses what cannot be run among these ranks before they are connected; the server speaks for all.</summary>
    private static void RequirePlan(Control control)
    {
        if (control.Self.Index != 0) return;
        PatternRun.Require(control.Options, control.World.Size);
        int ranks = Groups.Of(control.World.Size, control.Options.Split).Size;
        IReadOnlyList<SectionPlan> sections = SectionPlan.All(control.Options, ranks);
        if (control.Options.Backend == Backend.Mpi) MpiLimits.Require(sections, ranks);
    }

    /// <summary>A driver of a GPU that is ill may never answer.</summary>
    private static NcclOffer Look(ProcessOptions process, AbortSignal abort) => NativeCall.Within(
        () => NcclOffer.Look(process), process.JoinTimeoutSeconds, abort, () => new RunException(
            FailureKind.Timeout,
            $"the CUDA driver of {Environment.MachineName} did not answer within {process.JoinTimeoutSeconds:0.###} s; "
            + "--backend host does without"));

    /// <summary>Releases the communicators while everybody can still be told of a failure.</summary>
    private static void Release(Fabric fabric, Control control)
    {
        foreach (RankMark mark in control.Marks) mark.Enter(RankStep.Releasing);
        if (!fabric.Release(control.Options.Timeout))
        {
            throw new RunException(new Failure(
                FailureKind.Timeout, $"a communicator was not released within {control.Options.TimeoutSeconds:0.###} s")
            {
                Rank = fabric.Releasing?.WorldRank,
                Host = control.Self.Host,
                Step = "the release",
            });
        }

        if (fabric.ReleaseFailure is { } cause) throw new RunException(Failure.Of(cause), cause);
    }

    /// <summary>Releases the communicators of a run that was given up; false where a rank, or its library, does not let go.</summary>
    private static bool EndRanks(Fabric? fabric, BenchmarkRun? benchmark, AbortSignal abort)
    {
        if (fabric is null) return !NativeCall.HasLeftThreads;
        // A rank that did not leave in time may still use its communicator; the end of the process takes it along.
        bool ended = benchmark is not { RanksHaveLeft: false } && fabric.Release(LeaveTimes.Left(abort, LeaveTimes.Communicators));
        if (!ended) fabric.Log?.Dispose();
        return ended;
    }

    /// <summary>The outcome of a run that could not even begin: its document says why.</summary>
    public static RunOutcome NotBegun(RunOptions options, ProcessOptions process, RunException cause)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(cause);
        ResultsDocument document = DocumentBuilder.Build(
            DateTimeOffset.UtcNow, process, options, null, null, null, null, [], cause.Failure);
        return new RunOutcome(document, cause.Failure, cause) { HasStopped = !NativeCall.HasLeftThreads };
    }

    /// <summary>Takes this process's place in a run, in the way that its mode asks for.</summary>
    /// <exception cref="RunException">As the <see cref="Rendezvous.Rendezvous"/> of the mode has it.</exception>
    public static Control Join(
        RunOptions options, IReadOnlySet<string> given, ProcessOptions process, AbortSignal abort, RunObserver observer,
        MpiSession? mpi) =>
        process.Mode switch
        {
            Mode.Mpi => Rendezvous.Rendezvous.ByMpi(mpi!, process, options, given, abort, observer),
            Mode.Server => Rendezvous.Rendezvous.Serve(options, process, abort, observer),
            Mode.Client => Rendezvous.Rendezvous.Join(process, options, given, abort, observer),
            _ => Rendezvous.Rendezvous.Local(options, process, abort, observer),
        };
}
