using System.Collections.Concurrent;
using System.Diagnostics;
using Nperf.Core.Rendezvous;
using Nperf.Native;

namespace Nperf.Core.MpiMode;

/// <summary>Control messages to and from one other process of an MPI job.</summary>
internal sealed class MpiChannel(MpiMail mail, int peer, AbortSignal abort) : ControlChannel
{
    /// <summary>How long a closing side takes care of its last messages.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Message> _incoming = [];
    private readonly Queue<MpiMail.Parcel> _awaited = [];
    private volatile bool _leftHere, _leftThere, _aborted, _closing;
    private volatile Action<Message>? _onHeartbeat;
    private volatile Action<Exception?>? _onEnd;
    private long _lastHeard = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public override bool HasLeft => _leftHere && _leftThere;

    /// <inheritdoc/>
    public override bool HasAborted => _aborted;

    /// <inheritdoc/>
    public override bool IsClosing => _closing;

    /// <summary>False: MPI tells of no end. Who starts the processes ends them all when one is lost.</summary>
    public override bool HasEnded => false;

    /// <inheritdoc/>
    public override TimeSpan Silence => _leftThere ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <inheritdoc/>
    public override bool HasMessage => !_incoming.IsEmpty;

    /// <inheritdoc/>
    public override void Post(Message message) => mail.Send(peer, message, this);

    /// <summary>From here on heartbeats are passed on; an abort is from the first moment.</summary>
    public override void Start(
        TimeSpan timeout, Action<Message> onHeartbeat, Action<Failure> onAbort, Action<Exception?> onEnd)
    {
        Volatile.Write(ref _lastHeard, Stopwatch.GetTimestamp());
        (_onEnd, _onHeartbeat) = (onEnd, onHeartbeat);
    }

    /// <inheritdoc/>
    public override bool TryTake(Deadline deadline, CancellationToken cancellation, out Message message)
    {
        var pause = new MpiPause();
        while (!_incoming.TryDequeue(out message))
        {
            mail.Pump();
            if (HasMessage) continue;
            if (cancellation.IsCancellationRequested || deadline.Passed) return false;
            pause.Take();
        }

        return true;
    }

    /// <inheritdoc/>
    public override Task CloseAsync()
    {
        _closing = true;
        if (mail.IsBusy) mail.Flush(Linger);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Whether <paramref name="message"/> may be sent still; the mail asks, with its lock held. Nothing may follow a Leave: MPI
    /// ends only once everything sent was received.
    /// </summary>
    internal bool Sends(Message message)
    {
        if (message.Type == MessageType.Leave) _leftHere = true;
        return message.Type != MessageType.Heartbeat || !_leftHere;
    }

    /// <summary>A message has begun to come; the mail calls it, and the next, with its lock held.</summary>
    internal void Await(MpiMail.Parcel parcel) => _awaited.Enqueue(parcel);

    /// <summary>Takes what is whole, in the order in which it was sent; true where nothing is left to come.</summary>
    internal bool Collect(Mpi mpi)
    {
        while (_awaited.TryPeek(out MpiMail.Parcel? parcel))
        {
            if (!mpi.Test(ref parcel.Request)) return false;
            _awaited.Dequeue();
            Arrived(parcel.Message);
        }

        return true;
    }

    /// <summary>Puts a message that has come where it is waited for.</summary>
    internal void Arrived(Message message)
    {
        Volatile.Write(ref _lastHeard, Stopwatch.GetTimestamp());
        switch (message.Type)
        {
            case MessageType.Heartbeat:
                Hear(message);
                return;
            case MessageType.Abort:
                Abort(message);
                return;
            case MessageType.Leave:
                _leftThere = true;
                break;
        }

        _incoming.Enqueue(message);
    }

    private void Abort(Message message)
    {
        try
        {
            abort.Set(Payloads.Abort(message));
            _aborted = true;
        }
        catch (ProtocolException wrong)
        {
            _onEnd?.Invoke(wrong);
        }
    }

    private void Hear(Message message)
    {
        try
        {
            _onHeartbeat?.Invoke(message);
        }
        catch (ProtocolException wrong)
        {
            _onEnd?.Invoke(wrong);
        }
    }
}
