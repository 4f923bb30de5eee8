namespace Nperf.Core.Host;

/// <summary>A link through memory whose ends can sleep: each wakes the other where that waits for what it has just done.</summary>
/// <param name="link">The link.</param>
/// <param name="own">Wakes this rank.</param>
/// <param name="peer">Wakes the other.</param>
internal sealed unsafe class BlockingLink(Link link, Doorbell own, Doorbell peer) : Link(link.PollCost)
{
    /// <inheritdoc/>
    public override string Transport => link.Transport;

    /// <inheritdoc/>
    public override nint TrySend(byte* source, nint bytes) => Tell(link.TrySend(source, bytes));

    /// <inheritdoc/>
    public override nint TryReceive(byte* destination, nint bytes) => Tell(link.TryReceive(destination, bytes));

    /// <inheritdoc/>
    public override nint TryReceiveReduce(byte* destination, byte* operand, nint bytes, in ReductionKernel kernel) =>
        Tell(link.TryReceiveReduce(destination, operand, bytes, kernel));

    /// <inheritdoc/>
    public override bool Announce()
    {
        own.Announce();
        return true;
    }

    /// <inheritdoc/>
    public override void AddTo(PollSet set, bool sends, bool receives) => set.AddReadable(own.Descriptor);

    /// <inheritdoc/>
    public override void Withdraw() => own.Withdraw();

    /// <inheritdoc/>
    public override void Dispose() => link.Dispose();

    private nint Tell(nint moved)
    {
        if (moved > 0) peer.Moved();
        return moved;
    }
}
