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

    /// <summary>True when <see cref="TryTake"/> would not wait.</summary>
    public abstract bool HasMessage { get; }

    /// <summary>Queues a message to be sent.</summary>
    public abstract void Post(Message message);

    /// <summary>Ends the handshake: from here on aborts and the end of the channel are passed on as they come.</summary>
    /// <param name="silenceLimit">Where the channel can tell: with no sign for so long the other side is taken for lost.</param>
    /// <param name="onAbort">Called with an Abort.</param>
    /// <param name="onEnd">Called when the channel ended, with what ended it.</param>
    public abstract void Start(TimeSpan silenceLimit, Action<Failure> onAbort, Action<Exception?> onEnd);

    /// <summary>Waits for a message. False at the deadline, when cancelled and at the end of the channel.</summary>
    public abstract bool TryTake(Deadline deadline, CancellationToken cancellation, out Message message);

    /// <summary>Sends what is queued, then closes; takes at most about a second each.</summary>
    public abstract Task CloseAsync();
}
