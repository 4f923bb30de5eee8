namespace Nperf.Core.Host;

/// <summary>A link through two rings in memory, of this process or shared with another.</summary>
internal sealed unsafe class MemoryLink(RingBlock block, Ring outgoing, Ring incoming) : Link(pollCost: 1)
{
    private bool _disposed;

    /// <inheritdoc/>
    public override string Transport => block.Transport;

    /// <inheritdoc/>
    public override nint TrySend(byte* source, nint bytes) => outgoing.TryWrite(source, bytes);

    /// <inheritdoc/>
    public override nint TryReceive(byte* destination, nint bytes) => incoming.TryRead(destination, bytes);

    /// <inheritdoc/>
    public override nint TryReceiveReduce(byte* destination, byte* operand, nint bytes, in ReductionKernel kernel) =>
        incoming.TryReadReduce(destination, operand, bytes, kernel);

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        block.Release();
    }
}
