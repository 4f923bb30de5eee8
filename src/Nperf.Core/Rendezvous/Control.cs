using Nperf.Core.Liveness;

namespace Nperf.Core.Rendezvous;

/// <summary>How <see cref="Control.AllReduce"/> combines values.</summary>
internal enum ControlReduction
{
    /// <summary>The sum over all processes.</summary>
    Sum,

    /// <summary>The smallest of all processes.</summary>
    Min,

    /// <summary>The largest of all processes.</summary>
    Max,
}

/// <summary>
/// A process's end of the control connections: what the processes of a run tell each other apart from the data that is
/// measured. A star around the server, as docs/protocol.md describes it.
/// </summary>
/// <remarks>
/// Every call but <see cref="Abort"/> is collective over processes: each makes the same calls in the same order, from
/// one thread at a time. A wait goes on for as long as the run gets on: once nothing has moved for the run's timeout it throws
/// <see cref="RunException"/> naming who holds the run up; when the run has been given up, it throws that failure at once.
/// </remarks>
internal abstract class Control : IDisposable
{
    /// <summary>Every process and rank.</summary>
    public abstract World World { get; }

    /// <summary>This process.</summary>
    public abstract ProcessInfo Self { get; }

    /// <summary>The run's options: the server's, on every process.</summary>
    public abstract Options.RunOptions Options { get; }

    /// <summary>Bytes made by the server when the run began, the same on all: an id, opaque to this layer.</summary>
    public abstract ReadOnlyMemory<byte> RunId { get; }

    /// <summary>What shows that a data connection is of this run: the id, or where there is a token what follows from both.</summary>
    public virtual ReadOnlyMemory<byte> DataSecret => RunId;

    /// <summary>Set when this process or another gives the run up.</summary>
    public abstract AbortSignal AbortSignal { get; }

    /// <summary>This process's address on the network that reached the server, or null where there is no network.</summary>
    public abstract System.Net.IPAddress? LocalAddress { get; }

    /// <summary>Returns when every process has called it. One byte in and one byte out for each client.</summary>
    public abstract void Barrier(string step);

    /// <summary>Returns <paramref name="payload"/> of process <paramref name="root"/> on every process.</summary>
    public abstract byte[] Broadcast(int root, byte[] payload, string step);

    /// <summary>Returns <paramref name="values"/> reduced element by element over all processes.</summary>
    public abstract double[] AllReduce(double[] values, ControlReduction reduction, string step);

    /// <summary>Returns every process's <paramref name="payload"/>, by index, on the server; null on a client.</summary>
    public abstract byte[][]? Gather(byte[] payload, string step);

    /// <summary>Gives the run up here and tells every other process. May be called at any time, from any thread.</summary>
    public abstract void Abort(Failure failure);

    /// <summary>Ends the run in agreement: returns once every process has called it. After it a closed connection is no failure.</summary>
    public abstract void Leave();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>How far the ranks of this process have come.</summary>
    internal virtual RankMarks Marks => field ??= new RankMarks(Self.FirstRank, Self.RankCount);

    /// <summary>How the run gets on; null where nobody watches: then a wait has its own time alone.</summary>
    internal virtual RunWatch? Watch => null;

    /// <summary>The failure with this process's rank, host and step where it has none of its own.</summary>
    internal virtual Failure Here(Failure failure) => failure;

    /// <summary>
    /// What a wait that is over means: on the server, who holds the run up; elsewhere <paramref name="own"/>, what the waiting
    /// rank would say.
    /// </summary>
    internal virtual Failure Explain(Failure own) => own;

    /// <summary>On the server: whom to ask, too, when the run stands still; its answer is a part of a sentence, or null.</summary>
    internal virtual void Ask(Func<string?> witness) { }
}
