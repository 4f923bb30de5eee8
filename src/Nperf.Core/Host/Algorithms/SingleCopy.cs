using System.Runtime.InteropServices;

namespace Nperf.Core.Host.Algorithms;

/// <summary>
/// An algorithm for ranks that reach each other's memory: each tells where its buffers are, then all of them copy or combine
/// straight from buffer to buffer, the work divided evenly whoever's the data is, and at the end they line up. Every byte
/// is copied once, with nothing in between. Source: the single-copy collectives of Chakraborty, Subramoni and Panda,
/// "Contention-Aware Kernel-Assisted MPI Collectives for Multi-/Many-Core Systems" (2017).
/// </summary>
internal abstract unsafe class SingleCopy : Algorithm
{
    /// <summary>The name of all of them.</summary>
    public const string NameOfAll = "single-copy";

    /// <summary>What is combined at a time: it stays in a processor's cache between the passes over it.</summary>
    private const nint ChunkBytes = 64 << 10;

    /// <summary>Shares begin at multiples of this: two cache lines, which processors fetch together.</summary>
    private const nint ShareAlignment = 128;

    public override string Name => NameOfAll;

    /// <inheritdoc/>
    public override bool ReachesMemory => true;

    public sealed override void Run(RankLinks links, in CollectiveCall call)
    {
        int n = links.WorldSize;
        nint tableBytes = Align(n * sizeof(Buffers));
        byte* memory = links.Scratch(tableBytes + 2 * ChunkBytes);
        var own = new Buffers { Send = call.Send, Receive = call.Receive };
        var table = new Span<Buffers>(memory, n);
        for (int distance = 1; distance < n; distance++)
        {
            int to = links.At(distance), from = links.At(-distance);
            Buffers theirs;
            links.Exchange(to, (byte*)&own, sizeof(Buffers), from, (byte*)&theirs, sizeof(Buffers));
            table[from] = theirs;
        }

        Move(links, call, table, memory + tableBytes);
        links.LineUp();
    }

    /// <summary>This rank's share of the work.</summary>
    /// <param name="links">This rank's.</param>
    /// <param name="call">What is to be done.</param>
    /// <param name="peers">Where every other rank has its buffers.</param>
    /// <param name="scratch">For <see cref="Combine"/>.</param>
    protected abstract void Move(RankLinks links, in CollectiveCall call, ReadOnlySpan<Buffers> peers, byte* scratch);

    /// <summary>Where share <paramref name="index"/> of <paramref name="shares"/> of so many bytes begins; for one more than there are, the end.</summary>
    protected static nint ShareOffset(nint bytes, int index, int shares) =>
        Math.Min(bytes, Align((bytes + shares - 1) / shares) * index);

    /// <summary>Reads a block from every rank, this one among them, each from <paramref name="offset"/> on of what that rank sends.</summary>
    protected static void ReadBlocks(RankLinks links, in CollectiveCall call, ReadOnlySpan<Buffers> peers, nint offset)
    {
        nint block = call.CountBytes();
        var result = (byte*)call.Receive;
        Steps.Copy(result + links.Rank * block, (byte*)call.Send + offset, block);
        for (int distance = 1; distance < links.WorldSize; distance++)
        {
            int from = links.At(distance);
            links.Read(from, result + from * block, peers[from].Send + offset, block);
        }
    }

    /// <summary>
    /// Combines what all ranks send from <paramref name="offset"/> on into <paramref name="destination"/> of this rank (null: it wants
    /// none), which may be where it sends from, and stores it at the same offset to those whom <paramref name="target"/> names.
    /// </summary>
    /// <remarks>The order in which values are added follows from the rank alone: its own, then round the ring.</remarks>
    protected static void Combine(
        RankLinks links, in CollectiveCall call, ReadOnlySpan<Buffers> peers, byte* scratch,
        nint offset, nint bytes, byte* destination, CombineTarget target)
    {
        int n = links.WorldSize;
        ReductionKernel kernel = call.Kernel();
        byte* incoming = scratch + ChunkBytes;
        for (nint end = offset + bytes; offset < end; offset += ChunkBytes)
        {
            nint length = Math.Min(ChunkBytes, end - offset);
            byte* sum = destination is null ? scratch : destination;
            byte* operand = (byte*)call.Send + offset;
            for (int distance = 1; distance < n; distance++)
            {
                int from = links.At(distance);
                links.Combine(from, sum, operand, peers[from].Send + offset, length, kernel, incoming);
                operand = sum;
            }

            call.Finish(sum, length, n);
            if (destination is not null) destination += length;
            if (target == CombineTarget.Root && links.Rank != call.Root)
            {
                links.Write(call.Root, peers[call.Root].Receive + offset, sum, length);
            }
            else if (target == CombineTarget.All)
            {
                for (int distance = 1; distance < n; distance++)
                {
                    int to = links.At(distance);
                    links.Write(to, peers[to].Receive + offset, sum, length);
                }
            }
        }
    }

    private static nint Align(nint bytes) => (bytes + ShareAlignment - 1) & -ShareAlignment;

    /// <summary>Who else gets what was combined.</summary>
    protected enum CombineTarget
    {
        /// <summary>Nobody.</summary>
        None,

        /// <summary>The root.</summary>
        Root,

        /// <summary>Every other rank.</summary>
        All,
    }

    /// <summary>Where a rank has its buffers.</summary>
    [StructLayout(LayoutKind.Sequential)]
    protected struct Buffers
    {
        public nint Send, Receive;
    }
}
