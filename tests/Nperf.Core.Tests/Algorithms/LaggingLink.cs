using Nperf.Core.Host;

namespace Nperf.Core.Tests.Algorithms;

/// <summary>
/// A link that is slow to send, a few bytes at every fourth try, and quick to receive: what is received overtakes what is
/// sent, as it may over a network.
/// </summary>
internal sealed unsafe class LaggingLink(Link inner) : Link(inner.PollCost)
{
    private const nint MostBytes = 1001;
    private int _tries;

    public override string Transport => inner.Transport;

    public override nint TrySend(byte* source, nint bytes) =>
        ++_tries % 4 != 0 ? 0 : inner.TrySend(source, Math.Min(bytes, MostBytes));

    public override nint TryReceive(byte* destination, nint bytes) => inner.TryReceive(destination, bytes);

    public override nint TryReceiveReduce(byte* destination, byte* operand, nint bytes, in ReductionKernel kernel) =>
        inner.TryReceiveReduce(destination, operand, bytes, kernel);

    public override void Dispose() => inner.Dispose();
}
