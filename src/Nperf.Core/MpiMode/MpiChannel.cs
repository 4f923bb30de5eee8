using System.Collections.Concurrent;
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

    /// <inheritdoc/>
    public override bool HasLeft => _leftHere && _leftThere;

    /// <inheritdoc/>
    public override bool HasAborted => _aborted;

    /// <inheritdoc/>
    public override bool IsClosing => _closing;

    /// <inheritdoc/>
    public override bool HasMessage => !_incoming.IsEmpty;

    /// <inheritdoc/>
    public override void Post(Message message)
    {
        if (message.Type == MessageType.Leave) _leftHere = true;
        mail.Send(peer, message);
    }

    /// <summary>
    /// Does nothing: an abort is passed on from the first moment, and MPI tells of no end: who starts the processes ends
    /// them all when one is lost.
    /// </summary>
    public override void Start(TimeSpan silenceLimit, Action<Failure> onAbort, Action<Exception?> onEnd) { }

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

    private void Arrived(Message message)
    {
        if (message.Type == MessageType.Leave) _leftThere = true;
        if (message.Type != MessageType.Abort)
        {
            _incoming.Enqueue(message);
            return;
        }

        _aborted = true;
        abort.Set(Payloads.Abort(message));
    }
}
