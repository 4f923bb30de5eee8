using System.ComponentModel;
using System.Runtime.InteropServices;
using Nperf.Native;

namespace Nperf.Core.Host;

/// <summary>Rings among ranks of one host, in a segment that each of their processes maps.</summary>
/// <remarks>
/// Before the rings each rank's process leaves a mark: where in its own memory 16 random bytes lie, and what they are. A process that finds
/// these bytes there through the kernel can reach the other's memory, and the process id that it knows is that process's.
/// Where ranks are to be woken there is a FIFO beside the segment for each.
/// </remarks>
internal sealed unsafe class SharedRings : RingBlock
{
    private const string Way = "use --transport tcp";
    private const int MarkBytes = 128;
    private const int ProofBytes = 16;

    /// <summary>This process's random bytes; they stay for as long as it runs.</summary>
    private static readonly nint OwnProof = MakeProof();

    private readonly SharedSegment _segment;
    private readonly int[] _ranks;

    private SharedRings(SharedSegment segment, int[] ranks, nint capacity) : base(ranks, capacity)
    {
        _segment = segment;
        _ranks = ranks;
    }

    /// <inheritdoc/>
    public override string Transport => "shm";

    /// <inheritdoc/>
    protected override byte* Memory => _segment.Memory + _ranks.Length * MarkBytes;

    /// <summary>Creates the segment, and the FIFOs where <paramref name="wakes"/> says so.</summary>
    /// <exception cref="RunException">There is no room, or no <c>/dev/shm</c> to write to.</exception>
    public static SharedRings Create(string name, int[] ranks, nint capacity, bool wakes = false)
    {
        SharedSegment segment = SharedSegment.Create(name, SegmentBytes(ranks, capacity, wakes), $"for {ranks.Length} ranks", Way);
        return With(segment, name, ranks, capacity, wakes, LibC.MakeFifo);
    }

    /// <summary>Maps the segment that another process has created.</summary>
    /// <exception cref="RunException">It cannot be opened.</exception>
    public static SharedRings Open(string name, int[] ranks, nint capacity, bool wakes = false)
    {
        SharedSegment segment = SharedSegment.Open(name, SegmentBytes(ranks, capacity, wakes), Way);
        return With(segment, name, ranks, capacity, wakes, make: null);
    }

    /// <summary>Takes the names away; the memory stays until the last process that maps it lets go.</summary>
    public static void Unlink(string name, int[] ranks)
    {
        SharedSegment.Unlink(name);
        foreach (string fifo in Fifos(name, ranks)) SharedSegment.Unlink(fifo);
    }

    /// <summary>Leaves the mark of this process for <paramref name="rank"/>, which is its own.</summary>
    public void LeaveMark(int rank)
    {
        Mark* mark = MarkOf(rank);
        mark->Proof = OwnProof;
        NativeMemory.Copy((void*)OwnProof, mark->Bytes, ProofBytes);
    }

    /// <summary>True where the kernel lets this process read and write the memory of <paramref name="peer"/>, which has left its mark.</summary>
    public bool Reaches(int peer, int process)
    {
        Mark* mark = MarkOf(peer);
        byte* found = stackalloc byte[ProofBytes];
        return LibC.TryReadProcess(process, found, mark->Proof, ProofBytes)
            && new ReadOnlySpan<byte>(found, ProofBytes).SequenceEqual(new ReadOnlySpan<byte>(mark->Bytes, ProofBytes))
            && LibC.TryWriteProcess(process, mark->Proof, found, ProofBytes);
    }

    /// <inheritdoc/>
    public override void Free() => _segment.Dispose();

    /// <summary>The rings in <paramref name="segment"/>, with the FIFOs open; each is made first where <paramref name="make"/> is not null.</summary>
    private static SharedRings With(
        SharedSegment segment, string name, int[] ranks, nint capacity, bool wakes, Action<string>? make)
    {
        var rings = new SharedRings(segment, ranks, capacity);
        if (!wakes) return rings;
        try
        {
            // Open both ways: it is never at its end, and nobody has to be there first.
            rings.AddBells(Fifos(name, ranks).Select(SharedSegment.PathOf).Select(path =>
            {
                make?.Invoke(path);
                return LibC.OpenFifo(path);
            }));
            return rings;
        }
        catch (Win32Exception cause)
        {
            segment.Dispose();
            Unlink(name, ranks);
            throw new RunException(FailureKind.Error, $"cannot make ranks wake each other (--wait block): {cause.Message}", cause);
        }
    }

    /// <summary>The name of one for each rank, by their order in the segment.</summary>
    private static IEnumerable<string> Fifos(string name, int[] ranks) => ranks.Select((_, index) => $"{name}.{index}");

    private static nint SegmentBytes(int[] ranks, nint capacity, bool wakes) =>
        ranks.Length * MarkBytes + BytesFor(ranks.Length, capacity, wakes);

    private static nint MakeProof()
    {
        var proof = (nint)NativeMemory.Alloc(ProofBytes);
        LibC.FillRandom(new Span<byte>((void*)proof, ProofBytes));
        return proof;
    }

    private Mark* MarkOf(int rank) => (Mark*)(_segment.Memory + Array.IndexOf(_ranks, rank) * MarkBytes);

    private struct Mark
    {
        public nint Proof;
        public fixed byte Bytes[ProofBytes];
    }
}
