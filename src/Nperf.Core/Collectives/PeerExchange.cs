namespace Nperf.Core.Collectives;

/// <summary>
/// Each rank sends its buffer to one other at most and receives that of one at most; the rest have nothing to do: pairs of
/// ranks, or rings of some of them. Not among <see cref="Operations"/>: <c>--pattern</c> runs it.
/// </summary>
internal sealed class PeerExchange : WholeBufferCollective
{
    private const int Nobody = -1;

    private readonly int[] _to;
    private readonly int[] _from;

    /// <param name="to">For each rank whom it sends to, or -1; nobody is sent to by two.</param>
    /// <param name="inTurns">
    /// True where the ranks of a pair answer each other: the lower one sends, the other sends back once it has received.
    /// </param>
    /// <exception cref="ArgumentException">Two send to one, one sends to itself or to no rank, or in turns nobody answers.</exception>
    public PeerExchange(IReadOnlyList<int> to, bool inTurns = false)
    {
        ArgumentNullException.ThrowIfNull(to);
        _to = [.. to];
        _from = new int[_to.Length];
        Array.Fill(_from, Nobody);
        for (int rank = 0; rank < _to.Length; rank++)
        {
            int peer = _to[rank];
            if (peer == Nobody) continue;
            if (peer < 0 || peer >= _to.Length || peer == rank || _from[peer] != Nobody || (inTurns && _to[peer] != rank))
                throw new ArgumentException($"rank {rank} cannot send to {peer}", nameof(to));
            _from[peer] = rank;
        }

        InTurns = inTurns;
    }

    /// <summary>True where the ranks of a pair answer each other.</summary>
    public bool InTurns { get; }

    /// <inheritdoc/>
    public override string Name => "transfer";

    /// <inheritdoc/>
    public override bool CanBeInPlace => false;

    /// <summary>Whom <paramref name="rank"/> sends to, or -1.</summary>
    public int To(int rank) => _to[rank];

    /// <summary>Whom <paramref name="rank"/> receives from, or -1.</summary>
    public int From(int rank) => _from[rank];

    /// <summary>Whom each rank sends to, or -1.</summary>
    public IReadOnlyList<int> Receivers => _to;

    /// <summary>Each rank of <paramref name="ring"/> sends to the next of it, the last to the first.</summary>
    public static PeerExchange Ring(int ranks, IReadOnlyList<int> ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        int[] to = Silence(ranks);
        for (int i = 0; i < ring.Count; i++) to[ring[i]] = ring[(i + 1) % ring.Count];
        return new PeerExchange(to);
    }

    /// <summary>The first rank of each pair sends to the second.</summary>
    public static PeerExchange OneWay(int ranks, IEnumerable<(int From, int To)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        int[] to = Silence(ranks);
        foreach ((int from, int peer) in pairs) to[from] = peer;
        return new PeerExchange(to);
    }

    /// <summary>The ranks of each pair answer each other.</summary>
    public static PeerExchange Turns(int ranks, IEnumerable<(int One, int Other)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        int[] to = Silence(ranks);
        foreach ((int one, int other) in pairs) (to[one], to[other]) = (other, one);
        return new PeerExchange(to, inTurns: true);
    }

    /// <inheritdoc/>
    public override long SendCount(long count, int worldSize, int rank, int root) => _to[rank] == Nobody ? 0 : count;

    /// <inheritdoc/>
    public override long ReceiveCount(long count, int worldSize, int rank, int root) => _from[rank] == Nobody ? 0 : count;

    /// <inheritdoc/>
    public override IEnumerable<Segment> Expected(long count, int worldSize, int rank, int root) =>
        _from[rank] == Nobody ? [] : [new Segment(0, count, _from[rank], 0)];

    private static int[] Silence(int ranks)
    {
        int[] to = new int[ranks];
        Array.Fill(to, Nobody);
        return to;
    }
}
