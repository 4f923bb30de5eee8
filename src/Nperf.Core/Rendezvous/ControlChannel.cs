namespace Nperf.Core.Rendezvous;

/// <summary>
/// What two processes tell each other through: a TCP connection, or MPI. Sending never blocks, and messages come in the
/// order in which they were sent.
/// </summary>
internal abstract class ControlChannel
{
    /// <summary>True once both sides have said that they leave: only then is an end no loss.</summary>
    public abstract bool HasLeft { get; }

    /// <summary>True once the other side has given the run up.</summary>
    public abstract bool HasAborted { get; }

    /// <summary>True once this side closes.</summary>
    public abstract bool IsClosing { get; }

    /// <summary>True once nothing more will come.</summary>
    public abstract bool HasEnded { get; }

    /// <summary>How long nothing has come from the other side; none where it need not say anything.</summary>
    public abstract TimeSpan Silence { get; }

    /// <summary>True when <see cref="TryTake"/> would not wait.</summary>
    public abstract bool HasMessage { get; }

    /// <summary>Queues a message to be sent. A heartbeat after this side has left is dropped.</summary>
    public abstract void Post(Message message);

    /// <summary>Ends the handshake: from here on heartbeats, aborts and the end of the channel are passed on as they come.</summary>
    /// <param name="timeout">The run's.</param>
    /// <param name="onHeartbeat">Called with a Heartbeat.</param>
    /// <param name="onAbort">Called with an Abort.</param>
    /// <param name="onEnd">Called when the channel ended, with what ended it.</param>
    public abstract void Start(
        TimeSpan timeout, Action<Message> onHeartbeat, Action<Failure> onAbort, Action<Exception?> onEnd);

    /// <summary>Waits for a message. False at the deadline, when cancelled and at the end of the channel.</summary>
    public abstract bool TryTake(Deadline deadline, CancellationToken cancellation, out Message message);

    /// <summary>Sends what is queued, then closes; takes at most about a second each.</summary>
    public abstract Task CloseAsync();
}
