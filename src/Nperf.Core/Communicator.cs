using Nperf.Core.Benchmarking;
using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Core.Host;
using Nperf.Core.Results;
using Nperf.Core.Verification;

namespace Nperf.Core;

/// <summary>One collective to run: what a rank passes to its communicator.</summary>
/// <param name="Collective">The operation.</param>
/// <param name="DataType">The type of its elements.</param>
/// <param name="Reduction">The reduction, where it has one.</param>
/// <param name="Root">The root rank, where it has one.</param>
/// <param name="Count">The count argument, in elements (see <see cref="Collectives.Collective"/>).</param>
/// <param name="Send">The send buffer, on the communicator's device.</param>
/// <param name="Receive">
/// The receive buffer, on the communicator's device: apart from <paramref name="Send"/>, or where the operation has it in place.
/// </param>
/// <param name="InPlace">True where they are one (<see cref="Communicator.InPlaceOf"/>).</param>
internal readonly record struct CollectiveCall(
    Collective Collective, DataType DataType, Reduction Reduction, int Root, long Count, nint Send, nint Receive,
    bool InPlace = false);

/// <summary>How a backend carries a call out.</summary>
/// <param name="Algorithm">Its name for the algorithm; null where it does not tell.</param>
/// <param name="Protocol">Its name for the protocol; null where it has none or does not tell.</param>
/// <param name="Channels">How many channels it takes; null likewise.</param>
internal readonly record struct CollectiveChoice(string? Algorithm, string? Protocol = null, int? Channels = null);

/// <summary>
/// One rank's end of a group of ranks that run collectives together, and the memory these work on. Every rank makes the
/// same calls in the same order, each on a thread of its own.
/// </summary>
internal abstract class Communicator : IDisposable
{
    /// <summary>This rank's place in its group.</summary>
    public abstract int Rank { get; }

    /// <summary>The number of ranks in the group.</summary>
    public abstract int WorldSize { get; }

    /// <summary>This rank's place in the whole run; the same where there is one group.</summary>
    public virtual int WorldRank => Rank;

    /// <summary>Makes the calling thread this rank's: near its memory, with its device.</summary>
    public abstract void EnterThread();

    /// <summary>Bytes that <see cref="Allocate"/> can have; null where the machine's memory is what is asked.</summary>
    internal virtual long? FreeDeviceMemory => null;

    /// <summary>What <see cref="FreeDeviceMemory"/> is that of, for people: <c>GPU 0 (NVIDIA H200)</c>; null where that is null.</summary>
    internal virtual string? DeviceName => null;

    /// <summary>Send and receive memory on the device.</summary>
    internal abstract RankBuffers Allocate(long sendBytes, long receiveBytes);

    /// <summary>What send buffers are filled with, and what receive buffers are compared with.</summary>
    internal abstract BufferPattern PatternFor(Collective collective, DataType type, Reduction reduction);

    /// <summary>
    /// How far results of a type and reduction may be off, relative, because of how the backend computes; 0 where they are exact.
    /// </summary>
    internal virtual double ToleranceOf(Collective collective, DataType type, Reduction reduction) => 0;

    /// <summary>How this rank's buffers lie in an in-place call.</summary>
    internal virtual InPlace InPlaceOf(Collective collective, long count, int root) =>
        collective.InPlaceOf(count, WorldSize, Rank, root);

    /// <summary>How long this rank has waited for others; null where the backend does not tell.</summary>
    internal virtual WaitClock? Waits => null;

    /// <summary>
    /// True where <paramref name="call"/> has the same work for every rank, or for the ranks with the same place on their hosts: one that takes
    /// longer than they do is then off.
    /// </summary>
    internal virtual bool TreatsRanksAlike(in CollectiveCall call) => !call.Collective.EndsUnevenly;

    /// <summary>A loop that times this communicator's operations.</summary>
    internal abstract TimedLoop CreateLoop(LoopSettings settings);

    /// <summary>
    /// Runs one collective; returns when this rank's part is done and its buffers are its own again.
    /// </summary>
    /// <exception cref="RunException">The run was given up, a peer was lost, or nothing moved within the timeout.</exception>
    public abstract void Execute(in CollectiveCall call);

    /// <summary>Lines the ranks up on the fabric itself: a barrier as tight as the data path allows.</summary>
    public abstract void LineUp();

    /// <summary>True where how calls are carried out is known only once they were: then each is run once before any is timed.</summary>
    internal virtual bool LearnsByRunning => false;

    /// <summary>
    /// Takes in what is known after <paramref name="calls"/> were run in this order, and returns what this process has to say
    /// of it; nothing where another rank of it says it. Every rank of the process is idle.
    /// </summary>
    internal virtual NcclSection? Learn(IReadOnlyList<CollectiveCall> calls) => null;

    /// <summary>What an exception of this rank means.</summary>
    internal virtual Failure FailureOf(Exception exception) => Failure.Of(exception);

    /// <summary>How <paramref name="call"/> is carried out, as far as it is known.</summary>
    public abstract CollectiveChoice ChoiceFor(in CollectiveCall call);

    /// <inheritdoc/>
    public abstract void Dispose();
}
