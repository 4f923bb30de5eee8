using Nperf.Core.Host.Algorithms;
using Nperf.Core.Liveness;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Host;

/// <summary>
/// Buffers that the other ranks of the host map too, as NCCL's windows are (<c>--register symmetric</c>): one segment for a rank, its send
/// memory followed by its receive memory.
/// </summary>
internal sealed unsafe class SharedBuffers : HostBuffers
{
    private const string Way = "go without --register symmetric";

    private readonly SharedSegment _own;
    private readonly List<SharedSegment> _others = [];
    private readonly nint _receive;

    private SharedBuffers(SharedSegment own, long sendBytes, long receiveBytes) : base(sendBytes, receiveBytes)
    {
        _own = own;
        _receive = (nint)own.Memory + (nint)Whole(sendBytes);
    }

    /// <inheritdoc/>
    public override nint Send => (nint)_own.Memory;

    /// <inheritdoc/>
    public override nint Receive => _receive;

    /// <summary>
    /// Makes the buffers of the rank of <paramref name="links"/> and maps those of its peers in other processes of this host: of
    /// the same size, and from then on within reach of <paramref name="links"/>. Collective over the ranks of the group.
    /// </summary>
    /// <exception cref="RunException">There is no room in <c>/dev/shm</c>, or the run was given up.</exception>
    public static SharedBuffers Allocate(
        RankLinks links, Control control, IReadOnlyList<int> members, long sendBytes, long receiveBytes, RankMark mark)
    {
        var bytes = (nint)(Whole(sendBytes) + Whole(receiveBytes));
        SharedBuffers? buffers = null;
        try
        {
            SharedSegment own = SharedSegment.Create(Name(links.Rank), bytes, $"for the buffers of rank {members[links.Rank]}", Way);
            buffers = new SharedBuffers(own, sendBytes, receiveBytes);
            Touch(own.Memory, (nuint)bytes, mark);
            nint address = (nint)own.Memory;
            links.LineUp();
            for (int distance = 1; distance < links.WorldSize; distance++)
            {
                int to = links.At(distance), from = links.At(-distance);
                nint theirs;
                links.Exchange(to, (byte*)&address, sizeof(nint), from, (byte*)&theirs, sizeof(nint));
                ProcessInfo process = control.World.ProcessOf(members[from]);
                if (process == control.Self) links.Replace(from, PeerMemory.OfThisProcess);
                if (process == control.Self || process.SharedMemoryId != control.Self.SharedMemoryId) continue;
                SharedSegment segment = SharedSegment.Open(Name(from), bytes, Way);
                buffers._others.Add(segment);
                Map(segment.Memory, bytes, mark);
                links.Replace(from, PeerMemory.Shared(theirs, bytes, segment.Memory));
            }

            links.LineUp();
            return buffers;
        }
        catch
        {
            buffers?.Free();
            throw;
        }
        finally
        {
            // Everyone has mapped it, or nobody will: the names must not outlive this, even where their makers were killed.
            for (int rank = 0; rank < links.WorldSize; rank++) SharedSegment.Unlink(Name(rank));
        }

        string Name(int rank) => $"{SegmentName.Of(control)}-rank{members[rank]}";
    }

    /// <inheritdoc/>
    public override void Free()
    {
        _own.Dispose();
        foreach (SharedSegment segment in _others) segment.Dispose();
        _others.Clear();
    }

    /// <summary>Maps every page into this process.</summary>
    private static void Map(byte* memory, nint bytes, RankMark mark)
    {
        for (nint at = 0; at < bytes; at += (nint)PageSize)
        {
            Volatile.Read(ref memory[at]);
            if ((at & (1 << 24) - 1) == 0) mark.Move();
        }
    }
}
