namespace Nperf.Core.Rendezvous;

/// <summary>
/// The other processes that this one has a control channel to: all clients on the server, the server on a client.
/// Whatever gives the run up, here or there, is passed on to the rest.
/// </summary>
internal sealed class Peers : IDisposable
{
    /// <summary>Silence that short is never a loss, however short the run's timeout: a busy machine may be late.</summary>
    private static readonly TimeSpan LeastSilence = TimeSpan.FromSeconds(15);

    private readonly AbortSignal _abort;
    private readonly int _rank;
    private readonly Lock _gate = new();
    private readonly List<(ControlChannel Channel, ProcessInfo Process)> _peers = [];
    private readonly CancellationTokenRegistration _relay;
    private volatile string _step = "rendezvous";

    /// <param name="abort">Watched, and set when a peer is lost or gives the run up.</param>
    /// <param name="rank">This process's first rank, for failures that begin here.</param>
    public Peers(AbortSignal abort, int rank)
    {
        _abort = abort;
        _rank = rank;
        _relay = abort.Token.Register(TellAll);
    }

    /// <summary>What is being done, for messages.</summary>
    public string Step
    {
        get => _step;
        set => _step = value;
    }

    public AbortSignal AbortSignal => _abort;

    public int Count => Snapshot().Length;

    /// <summary>Takes over a channel whose handshake is done.</summary>
    public void Add(ControlChannel channel, ProcessInfo process, TimeSpan timeout)
    {
        lock (_gate)
        {
            // By index, whatever the order in which members come.
            int at = _peers.FindIndex(peer => peer.Process.Index > process.Index);
            _peers.Insert(at < 0 ? _peers.Count : at, (channel, process));
        }

        TimeSpan silence = timeout > LeastSilence ? timeout : LeastSilence;
        channel.Start(silence, failure => Aborted(process, failure), end => Ended(channel, process, end));
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
    /// <exception cref="RunException">Some did not come in time: they are named.</exception>
    public Message[] TakeAll(MessageType type, TimeSpan timeout)
    {
        (ControlChannel Channel, ProcessInfo Process)[] peers = Snapshot();
        Message[] messages = new Message[peers.Length];
        var deadline = Deadline.After(timeout);
        _abort.ThrowIfSet();
        for (int i = 0; i < peers.Length; i++)
        {
            if (!peers[i].Channel.TryTake(deadline, _abort.Token, out messages[i]))
            {
                throw Missed([peers[i], .. peers[(i + 1)..].Where(peer => !peer.Channel.HasMessage)], timeout);
            }

            Expect(messages[i], type, peers[i].Process);
        }

        return messages;
    }

    /// <summary>The next message of one peer, which has to be of one of <paramref name="types"/>.</summary>
    public Message Take(int index, TimeSpan timeout, params ReadOnlySpan<MessageType> types)
    {
        _abort.ThrowIfSet();
        (ControlChannel Channel, ProcessInfo Process) peer = Snapshot().First(peer => peer.Process.Index == index);
        if (!peer.Channel.TryTake(Deadline.After(timeout), _abort.Token, out Message message))
        {
            throw Missed([peer], timeout);
        }

        if (!types.Contains(message.Type)) Expect(message, types[0], peer.Process);
        return message;
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
    public Failure Here(Failure failure) => failure with
    {
        // What happened on a host without a rank of the run has none.
        Rank = failure.Rank ?? (failure.Host is null || failure.Host == ThisProcess.Host ? _rank : null),
        Host = failure.Host ?? ThisProcess.Host,
        Step = failure.Step ?? Step,
    };

    /// <summary>Sends what is still queued and closes every channel.</summary>
    public void Dispose()
    {
        _relay.Dispose();
        // The thread that gave the run up may not have come to telling it; told twice does no harm.
        if (_abort.IsSet) TellAll();
        Task.WaitAll(Snapshot().Select(peer => peer.Channel.CloseAsync()).ToArray());
    }

    private (ControlChannel Channel, ProcessInfo Process)[] Snapshot()
    {
        lock (_gate) return [.. _peers];
    }

    private void TellAll()
    {
        Message message = Payloads.Abort(Here(_abort.Failure!));
        foreach ((ControlChannel channel, _) in Snapshot())
        {
            if (!channel.HasAborted) channel.Post(message);
        }
    }

    private void Aborted(ProcessInfo by, Failure failure) =>
        _abort.Set(failure with { Rank = failure.Rank ?? by.FirstRank, Host = failure.Host ?? by.Host });

    private void Ended(ControlChannel channel, ProcessInfo process, Exception? end)
    {
        if (channel.HasLeft || channel.HasAborted || channel.IsClosing) return;
        _abort.Set(end is ProtocolException wrong
            ? At(process, FailureKind.Error, $"{Wording.Name(process)} {wrong.Message} during {Step}")
            : At(process, FailureKind.PeerLost, $"{Wording.Name(process)} was lost during {Step}: {Wording.End(end)}"));
    }

    private RunException Missed((ControlChannel Channel, ProcessInfo Process)[] missed, TimeSpan timeout)
    {
        _abort.ThrowIfSet();
        ProcessInfo first = missed[0].Process;
        if (missed.Any(peer => peer.Channel.HasLeft))
        {
            first = missed.First(peer => peer.Channel.HasLeft).Process;
            return Fail(At(first, FailureKind.Error, $"{Wording.Name(first)} left the run before {Step}"));
        }

        string names = Wording.Names(missed.Select(peer => peer.Process));
        return Fail(At(first, FailureKind.Timeout, $"{names} did not reach {Step} within {Wording.Seconds(timeout.TotalSeconds)}"));
    }

    private void Expect(Message message, MessageType type, ProcessInfo from)
    {
        if (message.Type == type) return;
        throw Fail(At(from, FailureKind.Error, $"{Wording.Name(from)} sent {message.Type} where {type} was expected during {Step}"));
    }

    private Failure At(ProcessInfo process, FailureKind kind, string message) =>
        new(kind, message) { Rank = process.FirstRank, Host = process.Host, Step = Step };
}
