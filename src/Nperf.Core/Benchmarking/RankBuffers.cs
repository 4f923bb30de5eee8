namespace Nperf.Core.Benchmarking;

/// <summary>
/// One rank's send and receive memory, allocated once for the largest size of a run. A small size takes many places in
/// it, one after the other, so that repeated iterations do not measure the cache (as nccl-tests does).
/// </summary>
internal abstract class RankBuffers(long sendBytes, long receiveBytes) : IDisposable
{
    /// <summary>Bytes of send memory.</summary>
    public long SendBytes { get; } = sendBytes;

    /// <summary>Bytes of receive memory.</summary>
    public long ReceiveBytes { get; } = receiveBytes;

    /// <summary>Where the send memory begins, on the communicator's device.</summary>
    public abstract nint Send { get; }

    /// <summary>Where the receive memory begins.</summary>
    public abstract nint Receive { get; }

    /// <inheritdoc/>
    public abstract void Dispose();
}
