using System.Runtime.InteropServices;
using Nperf.Core.Liveness;
using Nperf.Core.Options;

namespace Nperf.Core.Host;

/// <summary>
/// One rank's links to every other rank, and the few ways of moving bytes over them that every algorithm is built from.
/// Used from this rank's thread alone. Nothing here allocates.
/// </summary>
internal sealed unsafe class RankLinks : IDisposable
{
    private const nuint ScratchAlignment = 128;

    /// <summary>What is copied between two signs of life.</summary>
    private const nint CopyBytes = 1 << 20;

    private readonly Link[] _links;
    private readonly PeerMemory[] _memories;
    private readonly Waiter _waiter;
    private readonly RankMark _mark;
    private readonly bool _ownsLinks = true;
    private byte* _scratch;
    private nint _scratchBytes;

    /// <summary>
    /// Takes over <paramref name="links"/>, by peer; the rank's own is there too, and so it is in <paramref name="memories"/>
    /// (none: every one is out of reach). What moves shows in <paramref name="mark"/>.
    /// </summary>
    public RankLinks(int rank, Link[] links, Waiter waiter, RankMark? mark = null, PeerMemory[]? memories = null)
    {
        Rank = rank;
        _links = links;
        _memories = memories ?? [.. links.Select(_ => PeerMemory.OutOfReach)];
        Reach = _memories.Min(memory => memory.Reach);
        _waiter = waiter;
        _mark = mark ?? new RankMark(rank);
    }

    /// <summary>The links of <paramref name="whole"/> to <paramref name="ranks"/>, itself among them, which are numbered in this order.</summary>
    private RankLinks(RankLinks whole, int[] ranks)
        : this(
            Array.IndexOf(ranks, whole.Rank), [.. ranks.Select(rank => whole._links[rank])], whole._waiter.Among(ranks),
            whole._mark, [.. ranks.Select(rank => whole._memories[rank])])
    {
        Crowded = whole.Crowded;
        _ownsLinks = false;
    }

    /// <summary>This rank.</summary>
    public int Rank { get; }

    /// <summary>The number of ranks.</summary>
    public int WorldSize => _links.Length;

    /// <summary>How far this rank gets into the memory of the peer that is hardest to reach.</summary>
    public MemoryReach Reach { get; private set; }

    /// <summary>True where more ranks than processors share a machine of the run, whichever: then who waits for a rank waits for its turn too.</summary>
    public bool Crowded { get; init; }

    /// <summary>These links by host; null where the ranks are on one, or one is on each.</summary>
    public Hierarchy? Hierarchy { get; private set; }

    /// <summary>How long this rank has waited for others.</summary>
    public WaitClock Waits => _waiter.Clock;

    /// <summary>The kinds of links to other ranks, joined with a plus sign: for example <c>shm+tcp</c>.</summary>
    public string Transports =>
        WorldSize == 1
            ? _links[0].Transport
            : string.Join('+', _links.Where((_, peer) => peer != Rank).Select(link => link.Transport).Distinct().Order());

    /// <summary>Has a <see cref="Hierarchy"/> from here on.</summary>
    public void Divide(HostLayout layout) => Hierarchy = new Hierarchy(this, layout);

    /// <summary>
    /// The same links as those of a group of <paramref name="ranks"/>, numbered in this order; this rank is one of them. It has
    /// scratch memory of its own, to be disposed of, and is not to be used after these links.
    /// </summary>
    public RankLinks Among(int[] ranks) => new(this, ranks);

    /// <summary>Sends and receives at the same time; returns when both are whole. Either side may have 0 bytes.</summary>
    /// <exception cref="RunException">The run was given up, a peer was lost, or nothing moved within the timeout.</exception>
    public void Exchange(int to, byte* send, nint sendBytes, int from, byte* receive, nint receiveBytes)
    {
        if (to == Rank && from == Rank && sendBytes == receiveBytes)
        {
            Buffer.MemoryCopy(send, receive, receiveBytes, sendBytes);
            return;
        }

        Link outgoing = _links[to], incoming = _links[from];
        int pollCost = Math.Max(outgoing.PollCost, incoming.PollCost);
        var idleness = default(Idleness);
        while (sendBytes > 0 || receiveBytes > 0)
        {
            nint sent = sendBytes > 0 ? Send(outgoing, to, send, sendBytes) : 0;
            send += sent;
            sendBytes -= sent;
            nint received = receiveBytes > 0 ? Receive(incoming, from, receive, receiveBytes) : 0;
            receive += received;
            receiveBytes -= received;
            if (sent + received > 0) Moved(ref idleness);
            else _waiter.Idle(ref idleness, pollCost, sendBytes > 0 ? to : -1, receiveBytes > 0 ? from : -1);
        }
    }

    /// <summary>
    /// As <see cref="Exchange"/>, but what arrives is combined: destination = operand ⊕ received. The destination may be
    /// the operand itself.
    /// </summary>
    /// <exception cref="RunException">The run was given up, a peer was lost, or nothing moved within the timeout.</exception>
    public void ExchangeReduce(
        int to, byte* send, nint sendBytes,
        int from, byte* destination, byte* operand, nint receiveBytes, in ReductionKernel kernel)
    {
        Link outgoing = _links[to], incoming = _links[from];
        int pollCost = Math.Max(outgoing.PollCost, incoming.PollCost);
        var idleness = default(Idleness);
        while (sendBytes > 0 || receiveBytes > 0)
        {
            nint sent = sendBytes > 0 ? Send(outgoing, to, send, sendBytes) : 0;
            send += sent;
            sendBytes -= sent;
            nint received = receiveBytes > 0
                ? ReceiveReduce(incoming, from, destination, operand, receiveBytes, kernel)
                : 0;
            destination += received;
            operand += received;
            receiveBytes -= received;
            if (sent + received > 0) Moved(ref idleness);
            else _waiter.Idle(ref idleness, pollCost, sendBytes > 0 ? to : -1, receiveBytes > 0 ? from : -1);
        }
    }

    /// <summary>
    /// Streams pieces to one rank while pieces stream in from another. Byte p of the outgoing stream is sent as soon as
    /// p &lt; <paramref name="lead"/> + bytes received (and combined) so far: a relay sends on what it has just received.
    /// </summary>
    /// <exception cref="RunException">The run was given up, a peer was lost, or nothing moved within the timeout.</exception>
    public void Pipeline(
        int to, ReadOnlySpan<Piece> sends, nint lead,
        int from, ReadOnlySpan<Piece> receives, in ReductionKernel kernel)
    {
        Link outgoing = _links[to], incoming = _links[from];
        int pollCost = Math.Max(outgoing.PollCost, incoming.PollCost);
        var sending = new PieceCursor(sends);
        var receiving = new PieceCursor(receives);
        nint budget = lead;
        var idleness = default(Idleness);
        while (!sending.Done || !receiving.Done)
        {
            nint sendable = sending.Done ? 0 : Math.Min(sending.Left, budget);
            nint sent = sendable > 0 ? Send(outgoing, to, sending.Data, sendable) : 0;
            sending.Advance(sent);
            nint received = receiving.Done ? 0
                : receiving.Operand is null ? Receive(incoming, from, receiving.Data, receiving.Left)
                : ReceiveReduce(incoming, from, receiving.Data, receiving.Operand, receiving.Left, kernel);
            receiving.Advance(received);
            budget += received - sent;
            // What may not be sent yet waits for what is received, not for room.
            if (sent + received > 0) Moved(ref idleness);
            else _waiter.Idle(ref idleness, pollCost, sendable > 0 ? to : -1, receiving.Done ? -1 : from);
        }
    }

    /// <summary>Returns when every rank has called it: in step k each tells the rank 2^k further on (a dissemination barrier).</summary>
    /// <exception cref="RunException">The run was given up, a peer was lost, or nothing moved within the timeout.</exception>
    public void LineUp()
    {
        // Eight bytes, so that what follows in a ring stays aligned.
        long token = 0, received;
        for (int distance = 1; distance < WorldSize; distance *= 2)
        {
            int to = (Rank + distance) % WorldSize, from = (Rank + WorldSize - distance) % WorldSize;
            Exchange(to, (byte*)&token, sizeof(long), from, (byte*)&received, sizeof(long));
        }
    }

    /// <summary>
    /// The memory of <paramref name="peer"/> is within reach in another way from now on; not in the groups of a <see cref="Hierarchy"/>, whose
    /// algorithms use other memory than the buffers.
    /// </summary>
    public void Replace(int peer, PeerMemory memory)
    {
        _memories[peer] = memory;
        Reach = _memories.Min(one => one.Reach);
    }

    /// <summary>Copies from what <paramref name="peer"/> has at <paramref name="source"/>, an address of its own.</summary>
    /// <exception cref="RunException">The run was given up, or the peer is gone.</exception>
    public void Read(int peer, byte* destination, nint source, nint bytes)
    {
        PeerMemory memory = _memories[peer];
        for (nint done = 0; done < bytes; done += CopyBytes)
        {
            if (!memory.TryRead(destination + done, source + done, Math.Min(CopyBytes, bytes - done))) _waiter.ThrowLost(peer);
            Went();
        }
    }

    /// <summary>Copies to what <paramref name="peer"/> has at <paramref name="destination"/>, an address of its own.</summary>
    /// <exception cref="RunException">The run was given up, or the peer is gone.</exception>
    public void Write(int peer, nint destination, byte* source, nint bytes)
    {
        PeerMemory memory = _memories[peer];
        for (nint done = 0; done < bytes; done += CopyBytes)
        {
            if (!memory.TryWrite(destination + done, source + done, Math.Min(CopyBytes, bytes - done))) _waiter.ThrowLost(peer);
            Went();
        }
    }

    /// <summary>
    /// destination = operand ⊕ what <paramref name="peer"/> has at <paramref name="source"/>; the destination may be the operand.
    /// <paramref name="scratch"/> has room for <paramref name="bytes"/>.
    /// </summary>
    /// <exception cref="RunException">The run was given up, or the peer is gone.</exception>
    public void Combine(
        int peer, byte* destination, byte* operand, nint source, nint bytes, in ReductionKernel kernel, byte* scratch)
    {
        PeerMemory memory = _memories[peer];
        if (memory.Reach == MemoryReach.Maps) scratch = memory.At(source);
        else if (!memory.TryRead(scratch, source, bytes)) _waiter.ThrowLost(peer);
        kernel.Combine(destination, operand, scratch, bytes / kernel.ElementSize);
        Went();
    }

    /// <summary>At least this many bytes of scratch memory, 128-byte aligned, the same at each call until it has to grow.</summary>
    public byte* Scratch(nint bytes)
    {
        if (bytes > _scratchBytes)
        {
            NativeMemory.AlignedFree(_scratch);
            _scratch = null;
            _scratchBytes = 0;
            _scratch = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, ScratchAlignment);
            _scratchBytes = bytes;
        }

        return _scratch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Hierarchy?.Dispose();
        if (_ownsLinks)
        {
            foreach (Link link in _links) link.Dispose();
        }

        NativeMemory.AlignedFree(_scratch);
        _scratch = null;
        _scratchBytes = 0;
    }

    /// <summary>A sign of life, and a look at whether the run goes on.</summary>
    private void Went()
    {
        _mark.Move();
        _waiter.ThrowIfOver();
    }

    private void Moved(ref Idleness idleness)
    {
        if (idleness.Noticed != 0) _waiter.Clock.Add(idleness.Noticed, idleness.Sends);
        idleness = default;
        _mark.Move();
    }

    private nint Send(Link link, int peer, byte* source, nint bytes)
    {
        nint sent = link.TrySend(source, bytes);
        if (sent == Link.Closed) _waiter.ThrowLost(peer);
        return sent;
    }

    private nint Receive(Link link, int peer, byte* destination, nint bytes)
    {
        nint received = link.TryReceive(destination, bytes);
        if (received == Link.Closed) _waiter.ThrowLost(peer);
        return received;
    }

    private nint ReceiveReduce(
        Link link, int peer, byte* destination, byte* operand, nint bytes, in ReductionKernel kernel)
    {
        nint received = link.TryReceiveReduce(destination, operand, bytes, kernel);
        if (received == Link.Closed) _waiter.ThrowLost(peer);
        return received;
    }

    /// <summary>A place in a list of pieces, never at the end of one that is not the last.</summary>
    private ref struct PieceCursor
    {
        private readonly ReadOnlySpan<Piece> _pieces;
        private int _index;
        private nint _offset;

        public PieceCursor(ReadOnlySpan<Piece> pieces)
        {
            _pieces = pieces;
            SkipFinished();
        }

        public readonly bool Done => _index == _pieces.Length;

        public readonly byte* Data => (byte*)_pieces[_index].Data + _offset;

        public readonly byte* Operand => _pieces[_index].Operand == 0 ? null : (byte*)_pieces[_index].Operand + _offset;

        public readonly nint Left => _pieces[_index].Bytes - _offset;

        public void Advance(nint bytes)
        {
            _offset += bytes;
            SkipFinished();
        }

        private void SkipFinished()
        {
            while (_index < _pieces.Length && _offset == _pieces[_index].Bytes)
            {
                _index++;
                _offset = 0;
            }
        }
    }
}
