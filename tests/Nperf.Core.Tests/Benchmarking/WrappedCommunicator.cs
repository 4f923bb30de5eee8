using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Verification;

namespace Nperf.Core.Tests.Benchmarking;

/// <summary>A communicator that is another one in all but what a test changes.</summary>
internal abstract class WrappedCommunicator(Communicator inner) : Communicator
{
    public override int Rank => inner.Rank;

    public override int WorldSize => inner.WorldSize;

    internal override WaitClock? Waits => inner.Waits;

    internal override bool TreatsRanksAlike(in CollectiveCall call) => inner.TreatsRanksAlike(call);

    public override void Execute(in CollectiveCall call) => inner.Execute(call);

    public override void LineUp() => inner.LineUp();

    public override CollectiveChoice ChoiceFor(in CollectiveCall call) => inner.ChoiceFor(call);

    public override void EnterThread() => inner.EnterThread();

    internal override RankBuffers Allocate(long sendBytes, long receiveBytes) => inner.Allocate(sendBytes, receiveBytes);

    internal override BufferPattern PatternFor(Collective collective, DataType type, Reduction reduction) =>
        inner.PatternFor(collective, type, reduction);

    /// <summary>The host backend's, which runs what <see cref="Execute"/> is here.</summary>
    internal override TimedLoop CreateLoop(LoopSettings settings) => new HostLoop(this, settings);

    public override void Dispose() => inner.Dispose();
}
