using System.Runtime.ExceptionServices;
using Nperf.Core.Machine;
using Nperf.Core.NcclBackend;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Native;

namespace Nperf.Core.MpiMode;

/// <summary>
/// This process in an MPI job: the library, initialised by a thread of its own, which then looks for messages until it
/// finalises MPI.
/// </summary>
internal sealed class MpiSession
{
    /// <summary>How often the thread looks for messages, where nobody waits for one.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    /// <summary>How long others are waited for at least, once rank 0 has written what there is.</summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(0.5);

    /// <summary>How long messages may take to leave, and MPI_Abort to end the job.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long others may take to finalise MPI with rank 0.</summary>
    private static readonly TimeSpan FinalizeTime = TimeSpan.FromSeconds(60);

    /// <summary>How long rank 0 may take to write what there is, once the run was given up, before another rank ends the job.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>The same where rank 0 is what was lost: it is silent, so it writes nothing.</summary>
    private static readonly TimeSpan GraceOfLost = TimeSpan.FromSeconds(1);

    /// <summary>How long a launcher may take to pass on what was written.</summary>
    private static readonly TimeSpan OutputTime = TimeSpan.FromMilliseconds(200);

    private readonly MpiLauncher _launcher;
    private readonly AbortSignal _abort;
    private readonly TaskCompletionSource _initialised = new();
    private readonly Thread _thread;
    private MpiMail? _mail;
    private int? _abortCode;
    private volatile bool _stops;

    private MpiSession(Mpi mpi, MpiLauncher launcher, AbortSignal abort)
    {
        Mpi = mpi;
        _launcher = launcher;
        _abort = abort;
        Facts = new MpiFacts(MpiName.Of(mpi), mpi.Path, launcher.Name);
        _thread = new Thread(Run) { IsBackground = true, Name = "MPI" };
    }

    /// <summary>What is said of it.</summary>
    public MpiFacts Facts { get; }

    /// <summary>This process's place in MPI_COMM_WORLD: the first shows and writes everything.</summary>
    public int Rank { get; private set; }

    /// <summary>The number of processes in MPI_COMM_WORLD.</summary>
    public int Size { get; private set; }

    /// <summary>The library.</summary>
    internal Mpi Mpi { get; }

    /// <summary>True where any thread may call MPI at any time: MPI_THREAD_MULTIPLE.</summary>
    internal bool TakesThreads { get; private set; }

    /// <summary>The control messages.</summary>
    internal MpiMail Mail => _mail!;

    /// <summary>Loads a library, the launcher's where there are several, and initialises MPI.</summary>
    /// <param name="process">Which library, and how long initialising may take.</param>
    /// <param name="abort">Ends the waiting, and is set when another process gives the run up.</param>
    /// <exception cref="RunException">
    /// There is no library, it fails or hangs, or it is not that of the launcher, which would start as many runs as processes.
    /// </exception>
    public static MpiSession Start(ProcessOptions process, AbortSignal abort)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(abort);
        MpiLauncher launcher = MpiLauncher.OfThisProcess();
        MpiSession session = new(MpiSearch.Open(process.MpiLibrary, launcher), launcher, abort);
        session._thread.Start();
        session.WaitFor(session._initialised.Task, process.JoinTimeoutSeconds);
        return session;
    }

    /// <summary>The place that the launcher gave this process, where MPI could not be asked; 0 where it did not.</summary>
    public static int RankByLauncher => MpiLauncher.OfThisProcess().Launched?.Process ?? 0;

    /// <summary>Tells the other processes that the run is given up, before it has begun.</summary>
    public void Tell(Failure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        failure = failure with { Host = failure.Host ?? ThisProcess.Host };
        try
        {
            foreach (MpiChannel channel in Mail.Channels)
                if (!channel.HasAborted) channel.Post(Payloads.Abort(failure));
        }
        catch (RunException)
        {
            // MPI itself fails; the end of the job tells them.
        }
    }

    /// <summary>
    /// Where the run was given up: each process says that it has stopped, and rank 0, once it has written what there is, that
    /// all end. Where somebody does not answer, MPI_Abort has to end the job.
    /// </summary>
    /// <param name="failure">Why it was given up, as far as this process knows.</param>
    /// <param name="hasStopped">False where this process left threads behind, which may be within MPI.</param>
    /// <returns>False where they did not agree.</returns>
    public bool AgreeToEnd(Failure? failure, bool hasStopped)
    {
        // By then others have stopped, or never will; launchers take a second of the five to end a job.
        TimeSpan left = LeaveTimes.Left(_abort, LeaveTimes.Communicators);
        bool lostFirst = failure is { Kind: FailureKind.PeerLost, Rank: 0 };
        var deadline = Deadline.After(Rank != 0 ? lostFirst ? GraceOfLost : Grace : left > LastWord ? left : LastWord);
        try
        {
            // Rank 0 speaks last. Who has not stopped keeps silent, and waits for the end of the job.
            if (Rank != 0 && hasStopped) TellAll(new Message(MessageType.Leave));
            bool agreed = Mail.Channels.All(channel => HasLeft(channel, deadline)) && hasStopped;
            if (agreed && Rank == 0) TellAll(new Message(MessageType.Leave));
            Mail.Flush(Patience);
            return agreed;
        }
        catch (RunException)
        {
            // MPI itself fails.
            return false;
        }
    }

    /// <summary>Finalises MPI, or else ends the job with all its processes, and this one.</summary>
    /// <param name="orderly">False where the run was given up without agreement on its end.</param>
    /// <param name="code">This process's exit code, or the job's.</param>
    /// <param name="hasStopped">False where threads were left behind.</param>
    /// <returns><paramref name="code"/></returns>
    public int End(bool orderly, int code, bool hasStopped)
    {
        if (!orderly) _abortCode = code;
        _stops = true;
        Mail.Sending.Set();
        // The others wait within MPI for rank 0, which may have much to write.
        bool ended = _thread.Join(!orderly ? Patience : Rank == 0 ? FinalizeTime : Timeout.InfiniteTimeSpan);
        // Where MPI could not end the job, the launcher does when this process ends.
        if (!ended || !orderly || !hasStopped) LibC.Exit(code);
        return code;
    }

    private void TellAll(Message message)
    {
        foreach (MpiChannel channel in Mail.Channels) channel.Post(message);
    }

    // What else had come belongs to the run that was given up.
    private static bool HasLeft(MpiChannel channel, Deadline deadline)
    {
        while (channel.TryTake(deadline, CancellationToken.None, out Message message))
            if (message.Type == MessageType.Leave) return true;
        return false;
    }

    private void Run()
    {
        try
        {
            Initialise();
        }
        catch (Exception cause)
        {
            _initialised.SetException(cause);
            return;
        }

        _initialised.SetResult();
        LookForMessages();
        try
        {
            if (_abortCode is { } code) AbortJob(code);
            else Mpi.Complete();
        }
        catch (LibraryException)
        {
            // Everything is written by now, and the process ends.
        }
    }

    private void AbortJob(int code)
    {
        // A launcher may drop the output that it has not passed on yet.
        Thread.Sleep(OutputTime);
        Mpi.Abort(Mpi.Handles[MpiHandle.CommWorld], code);
    }

    private void Initialise()
    {
        MpiHandles handles = Mpi.Handles;
        int level = Mpi.InitThread(handles.ThreadMultiple);
        TakesThreads = level >= handles.ThreadMultiple;
        nuint world = handles[MpiHandle.CommWorld];
        Mpi.ReturnErrors(world);
        Rank = Mpi.Rank(world);
        Size = Mpi.Size(world);
        if (Refusal(level) is { } refusal)
        {
            Mpi.Complete();
            throw refusal;
        }

        _mail = new MpiMail(Mpi, Mpi.Duplicate(world), $"process {Rank} of {Facts.Library}", _abort);
    }

    private RunException? Refusal(int level)
    {
        if (Size == 1 && _launcher.Launched is { Processes: > 1 } launched)
        {
            return new RunException(new Failure(
                FailureKind.Usage,
                $"{launched.Launcher} started {launched.Processes} processes ({string.Join(", ", launched.Variables)}), and each is "
                + $"alone to {Facts.Library} ({Facts.Path}): the library is not the launcher's; start with the library's own "
                + "mpirun, or name the launcher's with --mpi-lib")
            { Host = ThisProcess.Host });
        }

        return level >= Mpi.Handles.ThreadSerialized ? null : new RunException(
            FailureKind.Error,
            $"{Facts.Library} lets only one thread call it; nperf needs MPI_THREAD_SERIALIZED, which it can be built with");
    }

    private void LookForMessages()
    {
        while (!_stops)
        {
            try
            {
                Mail.Pump();
                if (Mail.IsBusy) Thread.Sleep(1);
                else Mail.Sending.WaitOne(Glance);
            }
            catch (RunException cause)
            {
                // MPI itself fails. The end of the run is still to come.
                _abort.Set(cause.Failure);
                Mail.Sending.WaitOne(Glance);
            }
        }
    }

    private void WaitFor(Task initialised, double seconds)
    {
        var deadline = Deadline.AfterSeconds(seconds);
        while (Task.WaitAny([initialised], NativeCall.Glance) < 0)
        {
            NativeCall.HasLeftThreads = _abort.IsSet || deadline.Passed;
            _abort.ThrowIfSet();
            if (deadline.Passed) throw IsLate(seconds);
        }

        switch (initialised.Exception?.InnerException)
        {
            case null:
                return;
            case LibraryException cause:
                throw new RunException(
                    new Failure(FailureKind.Error, $"{Facts.Library} ({Facts.Path}): {cause.Message}") { Host = ThisProcess.Host },
                    cause);
            case { } cause:
                ExceptionDispatchInfo.Throw(cause);
                return;
        }
    }

    private RunException IsLate(double seconds) => new(new Failure(
        FailureKind.Timeout,
        $"{Facts.Library} was not initialised within {Wording.Seconds(seconds)} (MPI_Init_thread): another process of the job "
        + "has not started or hangs")
    {
        Host = ThisProcess.Host,
        Step = "rendezvous",
    });
}
