using Nperf.Core.Collectives;
using Nperf.Core.Data;

namespace Nperf.Core;

/// <summary>One collective to run: what a rank passes to its communicator.</summary>
/// <param name="Collective">The operation.</param>
/// <param name="DataType">The type of its elements.</param>
/// <param name="Reduction">The reduction, where it has one.</param>
/// <param name="Root">The root rank, where it has one.</param>
/// <param name="Count">The count argument, in elements (see <see cref="Collectives.Collective"/>).</param>
/// <param name="Send">The send buffer, on the communicator's device.</param>
/// <param name="Receive">The receive buffer, on the communicator's device; not overlapping <paramref name="Send"/>.</param>
public readonly record struct CollectiveCall(
    Collective Collective, DataType DataType, Reduction Reduction, int Root, long Count, nint Send, nint Receive);

/// <summary>
/// One rank's end of a group of ranks that run collectives together. Every rank makes the same calls in the same order,
/// each on a thread of its own.
/// </summary>
public abstract class Communicator : IDisposable
{
    /// <summary>This rank.</summary>
    public abstract int Rank { get; }

    /// <summary>The number of ranks.</summary>
    public abstract int WorldSize { get; }

    /// <summary>This rank's number in the whole world, where these ranks are a group of it.</summary>
    public virtual int WorldRank => Rank;

    /// <summary>
    /// Runs one collective; returns when this rank's part is done and its buffers are its own again.
    /// </summary>
    /// <exception cref="RunException">The run was given up, a peer was lost, or nothing moved within the timeout.</exception>
    public abstract void Execute(in CollectiveCall call);

    /// <summary>Lines the ranks up on the fabric itself: a barrier as tight as the data path allows.</summary>
    public abstract void LineUp();

    /// <summary>The name of the algorithm that <see cref="Execute"/> takes for <paramref name="call"/>.</summary>
    public abstract string AlgorithmFor(in CollectiveCall call);

    /// <inheritdoc/>
    public abstract void Dispose();
}
