using Nperf.Core.Collectives;
using Nperf.Core.Data;
using Nperf.Native;

namespace Nperf.Core.MpiBackend;

/// <summary>A rank's end of an MPI communicator.</summary>
/// <param name="Mpi">The library.</param>
/// <param name="Communicator">Its MPI_Comm.</param>
/// <param name="Rank">The rank's place in it.</param>
/// <param name="WorldSize">How many ranks it has.</param>
internal readonly record struct MpiTarget(Mpi Mpi, nuint Communicator, int Rank, int WorldSize);

/// <summary>
/// What the operations of one size have in common, as MPI takes it: looked up once, before any is timed. Only the buffers move
/// on from one to the next.
/// </summary>
internal sealed class MpiArguments
{
    private readonly CollectiveCall _call;

    /// <summary>Those of <paramref name="call"/> on <paramref name="target"/>.</summary>
    /// <exception cref="OverflowException">A count is too large for MPI, which <see cref="MpiLimits"/> refuses.</exception>
    public MpiArguments(in MpiTarget target, in CollectiveCall call)
    {
        _call = call;
        (Mpi, Communicator, Rank, WorldSize) = (target.Mpi, target.Communicator, target.Rank, target.WorldSize);
        Count = checked((int)call.Count);
        ElementBytes = call.DataType.Size();
        Type = Mpi.Handles[MpiTypes.HandleOf(call.DataType)!.Value];
        if (call.Collective.Reduces) Reduction = Mpi.Handles[MpiTypes.HandleOf(call.Reduction)!.Value];
        if (call.Collective is AllToAllV { Traffic: { } traffic }) Blocks = new MpiBlocks(traffic, call.Count, Rank, WorldSize);
    }

    /// <summary>The library.</summary>
    public Mpi Mpi { get; }

    /// <summary>The MPI_Comm.</summary>
    public nuint Communicator { get; }

    /// <summary>This rank's place in it.</summary>
    public int Rank { get; }

    /// <summary>How many ranks it has.</summary>
    public int WorldSize { get; }

    /// <summary>The call's count, in elements.</summary>
    public int Count { get; }

    /// <summary>The size of an element.</summary>
    public int ElementBytes { get; }

    /// <summary>The MPI_Datatype.</summary>
    public nuint Type { get; }

    /// <summary>The MPI_Op, where the operation has one.</summary>
    public nuint Reduction { get; }

    /// <summary>An alltoallv's counts and offsets, else null.</summary>
    public MpiBlocks? Blocks { get; }

    /// <summary>The root, where the operation has one.</summary>
    public int Root => _call.Root;

    /// <summary>True on the root.</summary>
    public bool IsRoot => Rank == _call.Root;

    /// <summary>The bytes of <see cref="Count"/> elements.</summary>
    public nint Bytes => (nint)Count * ElementBytes;

    /// <summary>True where <paramref name="call"/> differs from the one these were made for in its buffers alone.</summary>
    public bool Serve(in CollectiveCall call) =>
        ReferenceEquals(call.Collective, _call.Collective) && call.Count == _call.Count && call.DataType == _call.DataType
        && call.Reduction == _call.Reduction && call.Root == _call.Root && call.InPlace == _call.InPlace;
}
