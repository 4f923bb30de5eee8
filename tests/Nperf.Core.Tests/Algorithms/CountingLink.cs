using Nperf.Core.Host;

namespace Nperf.Core.Tests.Algorithms;

/// <summary>A link that counts the bytes sent.</summary>
internal sealed unsafe class CountingLink(Link inner) : Link(inner.PollCost)
{
    public long Sent { get; private set; }

    public override string Transport => inner.Transport;

    public override nint TrySend(byte* source, nint bytes)
    {
        nint sent = inner.TrySend(source, bytes);
        if (sent > 0) Sent += sent;
        return sent;
    }

    public override nint TryReceive(byte* destination, nint bytes) => inner.TryReceive(destination, bytes);

    public override nint TryReceiveReduce(byte* destination, byte* operand, nint bytes, in ReductionKernel kernel) =>
        inner.TryReceiveReduce(destination, operand, bytes, kernel);

    public override void Dispose() => inner.Dispose();
}
