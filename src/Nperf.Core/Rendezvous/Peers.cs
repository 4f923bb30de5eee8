using System.Diagnostics;
using Nperf.Core.Liveness;

namespace Nperf.Core.Rendezvous;

/// <summary>
/// The other processes that this one has a control channel to: all clients on the server, the server on a client.
/// Whatever gives the run up, here or there, is passed on to the rest.
/// </summary>
internal sealed class Peers : IDisposable
{
    /// <summary>Silence that short is never a loss, however short the run's timeout: a busy machine may be late.</summary>
    private static readonly TimeSpan LeastSilence = TimeSpan.FromSeconds(15);

    /// <summary>How often a heartbeat goes out, at least and at most.</summary>
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(5), ShortestInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Heartbeats within a run's timeout: one or two may be late.</summary>
    private const int BeatsInTimeout = 6;

    private readonly AbortSignal _abort;
    private readonly int _rank;
    private readonly TimeSpan _timeout;
    private readonly Lock _gate = new();
    private readonly List<(ControlChannel Channel, ProcessInfo Process)> _peers = [];
    private readonly CancellationTokenRegistration _relay;
    private volatile string _step = "rendezvous";
    private readonly TimeSpan _interval;
    private Pulse? _pulse;
    private World? _world;
    private (ControlChannel Channel, ProcessInfo Process)[]? _snapshot;

    /// <param name="abort">Watched, and set when a peer is lost or gives the run up.</param>
    /// <param name="rank">This process's first rank: 0 is the server's.</param>
    /// <param name="ranks">How many it has.</param>
    /// <param name="timeout">The run's.</param>
    public Peers(AbortSignal abort, int rank, int ranks, TimeSpan timeout)
    {
        (_abort, _rank, _timeout) = (abort, rank, timeout);
        Marks = new RankMarks(rank, ranks);
        Watch = new RunWatch(Marks, IsServer ? timeout : ControlLimits.ClientWait(timeout));
        double seconds = Math.Clamp(
            timeout.TotalSeconds / BeatsInTimeout, ShortestInterval.TotalSeconds, LongestInterval.TotalSeconds);
        _interval = TimeSpan.FromSeconds(seconds);
        SilenceLimit = timeout - _interval > LeastSilence ? timeout - _interval : LeastSilence;
        _relay = abort.Token.Register(TellAll);
    }

    /// <summary>With no sign of a process for so long it is taken for lost.</summary>
    public TimeSpan SilenceLimit { get; init; }

    /// <summary>How far this process's ranks have come.</summary>
    public RankMarks Marks { get; }

    /// <summary>How the run gets on.</summary>
    public RunWatch Watch { get; }

    /// <summary>On the server, where NCCL runs: asks NCCL itself what it knows of a run that stands still.</summary>
    public Func<string?>? Witness { get; set; }

    /// <summary>What is being done, for messages.</summary>
    public string Step
    {
        get => _step;
        set => _step = value;
    }

    public AbortSignal AbortSignal => _abort;

    public int Count => Snapshot().Length;

    private bool IsServer => _rank == 0;

    /// <summary>The processes have found each other: from here on a run that stands still is given up. Returns the world.</summary>
    public World Begin(World world)
    {
        Volatile.Write(ref _world, world);
        Marks.First.Move();
        StartBeating();
        return world;
    }

    /// <summary>All have left: nobody is watched any more.</summary>
    public void End() => _pulse?.Dispose();

    /// <summary>Takes over a channel whose handshake is done.</summary>
    public void Add(ControlChannel channel, ProcessInfo process)
    {
        lock (_gate)
        {
            // By index, whatever the order in which members come.
            bool isLast = _peers.Count == 0 || _peers[^1].Process.Index < process.Index;
            int at = isLast ? -1 : _peers.FindIndex(peer => peer.Process.Index > process.Index);
            _peers.Insert(at < 0 ? _peers.Count : at, (channel, process));
            _snapshot = null;
        }

        channel.Start(
            _timeout,
            heartbeat => Watch.Hear(process, Heartbeat.From(heartbeat, process.RankCount)),
            failure => Aborted(process, failure),
            end => Ended(channel, process, end));
        StartBeating();
        if (_abort.IsSet) TellAll();
    }

    public void Post(Message message)
    {
        foreach ((ControlChannel channel, _) in Snapshot()) channel.Post(message);
    }

    /// <summary>Sends to all but one.</summary>
    public void PostExcept(int index, Message message)
    {
        foreach ((ControlChannel channel, ProcessInfo process) in Snapshot())
        {
            if (process.Index != index) channel.Post(message);
        }
    }

    /// <summary>One message from every peer, in the order of their ranks.</summary>
    /// <exception cref="RunException">Some did not come, and the run stands still: who holds it up is named.</exception>
    public Message[] TakeAll(MessageType type)
    {
        (ControlChannel Channel, ProcessInfo Process)[] peers = Snapshot();
        Message[] messages = new Message[peers.Length];
        long since = Stopwatch.GetTimestamp();
        _abort.ThrowIfSet();
        Marks.First.WaitAt(Step);

        // Who was told last mostly comes last: once it is there so are the others, and this thread has slept but once.
        for (int i = peers.Length - 1; i >= 0; i--)
        {
            if (!TryTake(peers[i].Channel, since, Watch.Left, out messages[i]))
            {
                throw Missed([.. peers[..i].Where(peer => !peer.Channel.HasMessage), peers[i]]);
            }

            Expect(messages[i], type, peers[i].Process);
        }

        Marks.First.GoOn();
        return messages;
    }

    /// <summary>The next message of one peer, which has to be of one of <paramref name="types"/>; waits while the run gets on.</summary>
    public Message Take(int index, params ReadOnlySpan<MessageType> types) => Take(index, Watch.Left, Watch.Limit, types);

    /// <summary>The same, but within <paramref name="limit"/> whatever the run does.</summary>
    public Message TakeWithin(TimeSpan limit, int index, params ReadOnlySpan<MessageType> types)
    {
        var deadline = Deadline.After(limit);
        return Take(index, _ => deadline.Remaining, limit, types);
    }

    /// <summary>Runs a decoder; what it finds wrong ends the run in the name of the peer that sent it.</summary>
    public T Decode<T>(int index, Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (ProtocolException e)
        {
            ProcessInfo process = Snapshot().First(peer => peer.Process.Index == index).Process;
            throw Fail(At(process, FailureKind.Error, $"{Wording.Name(process)} {e.Message} during {Step}"));
        }
    }

    /// <summary>Gives the run up, unless it has been already; the exception of what ended it.</summary>
    public RunException Fail(Failure failure)
    {
        _abort.Set(Here(failure));
        return new RunException(_abort.Failure!);
    }

    /// <summary>The failure with this process's rank, host and step where it has none of its own.</summary>
    public Failure Here(Failure failure) => failure.IsOfAll ? failure with { Step = failure.Step ?? Step } : failure with
    {
        // What happened on a host without a rank of the run has none.
        Rank = failure.Rank ?? (failure.Host is null || failure.Host == ThisProcess.Host ? _rank : null),
        Host = failure.Host ?? ThisProcess.Host,
        Step = failure.Step ?? Step,
    };

    /// <summary>
    /// What a wait that is over, or a lost data connection, means: who is silent; else, on the server, who holds the run up. A
    /// client knows no more than <paramref name="own"/>.
    /// </summary>
    /// <param name="own">What this process would say.</param>
    /// <param name="missed">The processes that have not come where the others are, where that is known.</param>
    public Failure Explain(Failure own, IReadOnlyList<ProcessInfo>? missed = null)
    {
        if (Volatile.Read(ref _world) is not { } world) return own;
        if (Silent(_timeout / 2) is { Length: > 0 } silent) return Lost(silent);
        if (!IsServer || own.Kind != FailureKind.Timeout) return own;
        var verdict = StallVerdict.Of([.. Reports(world.Processes[0], missed)]);
        string text = verdict.Text;
        if (Witness?.Invoke() is { Length: > 0 } witness) text += $"; {witness}";
        if (verdict.Culprits.Count == 0) return own with { Message = $"{own.Message}: {text}" };

        ProcessInfo[] culprits = [.. verdict.Culprits.Select(world.ProcessOf).Distinct()];
        string limit = Wording.Seconds(_timeout.TotalSeconds);
        string message = missed is not null && !culprits.Except(missed).Any()
            ? $"{Wording.Names(culprits)} did not reach {Step} within {limit}"
            : $"{RankNames.Of(verdict.Culprits)} {(verdict.Culprits.Count == 1 ? "holds" : "hold")} the run up, nothing has moved for {limit}";
        return own with { Message = $"{message}: {text}", Rank = verdict.Culprits[0], Host = culprits[0].Host, IsOfAll = false };
    }

    /// <summary>Sends what is still queued and closes every channel.</summary>
    public void Dispose()
    {
        _pulse?.Dispose();
        _relay.Dispose();
        // The thread that gave the run up may not have come to telling it; told twice does no harm.
        if (_abort.IsSet) TellAll();
        Task.WaitAll(Snapshot().Select(peer => peer.Channel.CloseAsync()).ToArray());
    }

    /// <summary>All at this moment; not to be written to.</summary>
    private (ControlChannel Channel, ProcessInfo Process)[] Snapshot()
    {
        lock (_gate) return _snapshot ??= [.. _peers];
    }

    private void StartBeating()
    {
        lock (_gate) _pulse ??= new Pulse(_interval, Beat);
    }

    private void Beat(bool isLate)
    {
        if (_abort.IsSet) return;
        try
        {
            TimeSpan quiet = Watch.Quiet;
            Post(new Heartbeat(quiet, Marks.Read()).ToMessage());
            if (isLate) return;
            if (Silent(SilenceLimit) is { Length: > 0 } silent) Fail(Lost(silent));
            else if (IsServer && _world is not null && quiet > ControlLimits.LastWait(_timeout)) Fail(Explain(Stands()));
        }
        catch (RunException cause)
        {
            // MPI, which carries the heartbeats there, reports an error.
            _abort.Set(Here(cause.Failure));
        }
    }

    // Nobody waits, and nothing moves: who waits has more to say, and says it before.
    private Failure Stands() => new(FailureKind.Timeout, $"nothing has moved for {Wording.Seconds(_timeout.TotalSeconds)}") { IsOfAll = true };

    private (ControlChannel Channel, ProcessInfo Process)[] Silent(TimeSpan limit) =>
        [.. Snapshot().Where(peer => peer.Channel.Silence > limit)];

    private IEnumerable<RankReport> Reports(ProcessInfo self, IReadOnlyList<ProcessInfo>? missed)
    {
        foreach ((ProcessInfo process, RankPosition[] positions) in Watch.Read(self))
        {
            // Who has come says so by coming: its marks may be from before.
            bool hasCome = missed is not null && !missed.Contains(process);
            for (int i = 0; i < positions.Length; i++)
            {
                RankPosition position = hasCome ? positions[i] with { Meeting = Step } : positions[i];
                yield return new RankReport(process.FirstRank + i, process, position);
            }
        }
    }

    private Failure Lost((ControlChannel Channel, ProcessInfo Process)[] silent)
    {
        ProcessInfo first = silent[0].Process;
        double seconds = Math.Floor(silent.Min(peer => peer.Channel.Silence.TotalSeconds));
        string verb = silent.Length == 1 ? WasOrWere(first) : "were";
        string whole = silent.Length > 1 && silent.Length == Count ? $"; or {ThisProcess.Host} is cut off" : "";
        return At(
            first, FailureKind.PeerLost,
            $"{Wording.Names(silent.Select(peer => peer.Process))} {verb} lost during {Step}: no heartbeat came for {Wording.Seconds(seconds)}{whole}");
    }

    private Message Take(int index, Func<long, TimeSpan> left, TimeSpan limit, ReadOnlySpan<MessageType> types)
    {
        _abort.ThrowIfSet();
        (ControlChannel Channel, ProcessInfo Process) peer = Snapshot().First(peer => peer.Process.Index == index);
        Marks.First.WaitAt(Step);
        if (!TryTake(peer.Channel, Stopwatch.GetTimestamp(), left, out Message message)) throw Missed([peer], limit);
        Marks.First.GoOn();
        if (!types.Contains(message.Type)) Expect(message, types[0], peer.Process);
        return message;
    }

    /// <summary>Waits until the wait has lasted too long; false then, at the end of the run and of the channel.</summary>
    private bool TryTake(ControlChannel channel, long since, Func<long, TimeSpan> left, out Message message)
    {
        while (true)
        {
            var deadline = Deadline.After(left(since));
            bool came = channel.TryTake(deadline, _abort.Token, out message);
            // MPI may bring the end of the run together with what a process says last: no agreement on a good end.
            if (came && message.Type == MessageType.Leave) _abort.ThrowIfSet();
            if (came) return true;
            if (_abort.IsSet || channel.HasEnded || left(since) == TimeSpan.Zero) return false;
        }
    }

    private void TellAll()
    {
        Message message = Payloads.Abort(Here(_abort.Failure!));
        foreach ((ControlChannel channel, _) in Snapshot())
        {
            if (!channel.HasAborted) channel.Post(message);
        }
    }

    private void Aborted(ProcessInfo by, Failure failure) => _abort.Set(failure.IsOfAll
        ? failure
        : failure with { Rank = failure.Rank ?? by.FirstRank, Host = failure.Host ?? by.Host });

    private void Ended(ControlChannel channel, ProcessInfo process, Exception? end)
    {
        if (channel.HasLeft || channel.HasAborted || channel.IsClosing) return;
        _abort.Set(end is ProtocolException wrong
            ? At(process, FailureKind.Error, $"{Wording.Name(process)} {wrong.Message} during {Step}")
            : At(process, FailureKind.PeerLost, $"{Wording.Name(process)} {WasOrWere(process)} lost during {Step}: {Wording.End(end)}"));
    }

    private static string WasOrWere(ProcessInfo process) => process.RankCount == 1 ? "was" : "were";

    private RunException Missed((ControlChannel Channel, ProcessInfo Process)[] missed) => Missed(missed, _timeout);

    private RunException Missed((ControlChannel Channel, ProcessInfo Process)[] missed, TimeSpan limit)
    {
        _abort.ThrowIfSet();
        ProcessInfo first = missed[0].Process;
        if (missed.Any(peer => peer.Channel.HasLeft))
        {
            first = missed.First(peer => peer.Channel.HasLeft).Process;
            return Fail(At(first, FailureKind.Error, $"{Wording.Name(first)} left the run before {Step}"));
        }

        string names = Wording.Names(missed.Select(peer => peer.Process));
        return Fail(Explain(
            At(first, FailureKind.Timeout, $"{names} did not reach {Step} within {Wording.Seconds(limit.TotalSeconds)}"),
            [.. missed.Select(peer => peer.Process)]));
    }

    private void Expect(Message message, MessageType type, ProcessInfo from)
    {
        if (message.Type == type) return;
        throw Fail(At(from, FailureKind.Error, $"{Wording.Name(from)} sent {message.Type} where {type} was expected during {Step}"));
    }

    private Failure At(ProcessInfo process, FailureKind kind, string message) =>
        new(kind, message) { Rank = process.FirstRank, Host = process.Host, Step = Step };
}
