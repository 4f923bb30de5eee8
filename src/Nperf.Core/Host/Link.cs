namespace Nperf.Core.Host;

/// <summary>
/// One rank's end of a pair of byte streams, one each way, to one other rank. No call waits: each moves what it can and
/// returns the bytes moved, 0 when it could not move any, or <see cref="Closed"/> when the peer's end is gone.
/// </summary>
/// <param name="pollCost">What a try that moves nothing costs, in pauses of the processor.</param>
internal abstract unsafe class Link(int pollCost) : IDisposable
{
    /// <summary>The peer's end is gone: nothing will ever move again.</summary>
    public const nint Closed = -1;

    /// <summary>What a try that moves nothing costs, in pauses of the processor.</summary>
    public int PollCost { get; } = pollCost;

    /// <summary>How it moves bytes: <c>memory</c>, <c>shm</c> or <c>tcp</c>.</summary>
    public abstract string Transport { get; }

    /// <summary>Sends some of <paramref name="bytes"/> (more than 0) bytes.</summary>
    public abstract nint TrySend(byte* source, nint bytes);

    /// <summary>Receives some of <paramref name="bytes"/> (more than 0) bytes.</summary>
    public abstract nint TryReceive(byte* destination, nint bytes);

    /// <summary>
    /// Receives some of <paramref name="bytes"/> bytes, whole elements only, as destination = operand ⊕ received. Until
    /// all of them have been received, no other kind of receive may follow: part of an element may be waiting here.
    /// </summary>
    public abstract nint TryReceiveReduce(byte* destination, byte* operand, nint bytes, in ReductionKernel kernel);

    /// <summary>
    /// This rank is about to sleep until bytes can be moved again. True where it has to try once more before it does.
    /// </summary>
    public virtual bool Announce() => false;

    /// <summary>Adds what this rank sleeps at until it can send, or receive; nothing where the link is not made for it.</summary>
    public virtual void AddTo(PollSet set, bool sends, bool receives)
    {
    }

    /// <summary>This rank is awake.</summary>
    public virtual void Withdraw()
    {
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
