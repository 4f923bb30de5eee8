using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Nperf.Core.Liveness;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Native;

namespace Nperf.Core.Host;

/// <summary>How long one wait has gone on without anything moving.</summary>
internal struct Idleness
{
    /// <summary>What has been spent on spinning, in pauses.</summary>
    public int Spun;

    /// <summary>Times that the processor was offered to others.</summary>
    public int Yields;

    /// <summary>When the wait was first timed; 0 before.</summary>
    public long Since;

    /// <summary>When it was seen that it is no short one, where the rank's <see cref="WaitClock"/> runs; else 0.</summary>
    public long Noticed;

    /// <summary>There was then something to send that a peer did not take.</summary>
    public bool Sends;

    /// <summary>Peers know that this rank is about to sleep.</summary>
    public bool Announced;
}

/// <summary>
/// How a rank waits for its peers. By itself it never blocks: where every rank of the machine has a processor it spins for
/// a while and then yields; where not, it yields at once, since who it waits for may need this very processor. It can be told
/// to do one alone, or to sleep in the kernel (<see cref="WaitMode"/>).
/// </summary>
internal sealed class Waiter
{
    /// <summary>Some tens of microseconds: what two ranks on processors of their own commonly wait.</summary>
    private const int Pauses = 4000;

    /// <summary>
    /// Polls of memory, in about the time that a cache line takes from one processor to another, before the first pause: on recent Intel
    /// processors one costs 40 to 50 ns, a third of that time.
    /// </summary>
    private const int EagerPolls = 64;

    /// <summary>A power of two: the clock is read once in so many yields.</summary>
    private const int YieldsPerLook = 32;

    /// <summary>How long the cause of a closed connection may take to arrive over the control connection.</summary>
    private static readonly TimeSpan CauseDelay = TimeSpan.FromSeconds(2);

    private readonly int _rank;
    private readonly IReadOnlyList<int> _worldRanks;
    private readonly World _world;
    private readonly AbortSignal _abortSignal;
    private readonly TimeSpan _timeout;
    private readonly RunWatch? _watch;
    private readonly RankMark? _mark;
    private readonly WaitMode _mode;
    private readonly Link[] _links;
    private readonly PollSet _set = new();
    private readonly int _pauses;

    /// <summary>
    /// Waits of <paramref name="rank"/>, each for at most <paramref name="timeout"/> without progress, here and anywhere else in
    /// the run. Ranks are those of a group, which have <paramref name="worldRanks"/> in the world: so messages call them. By
    /// peer, <paramref name="links"/> are those that a rank sleeps at which blocks.
    /// </summary>
    public Waiter(
        int rank, IReadOnlyList<int> worldRanks, World world, AbortSignal abortSignal, TimeSpan timeout,
        RunWatch? watch = null, RankMark? mark = null, WaitMode mode = WaitMode.Auto, Link[]? links = null)
    {
        _rank = rank;
        _worldRanks = worldRanks;
        _world = world;
        _abortSignal = abortSignal;
        _timeout = timeout;
        _watch = watch;
        _mark = mark;
        _mode = mode;
        _links = links ?? [];
        _pauses = Spins(mode, world, world.ProcessOf(worldRanks[rank])) ? Pauses : 0;
    }

    /// <summary>The time of these waits.</summary>
    public WaitClock Clock { get; init; } = new();

    /// <summary>A rank that sleeps looks up this often, for the run may have been given up meanwhile. Milliseconds.</summary>
    internal int LongestSleep { get; init; } = 10;

    /// <summary>These waits where <paramref name="ranks"/> alone, this one among them, are a group and numbered in this order.</summary>
    public Waiter Among(int[] ranks) => new(
        Array.IndexOf(ranks, _rank), [.. ranks.Select(rank => _worldRanks[rank])], _world, _abortSignal, _timeout, _watch, _mark,
        _mode, _links.Length == 0 ? [] : [.. ranks.Select(rank => _links[rank])])
    {
        LongestSleep = LongestSleep,
        Clock = Clock,
    };

    /// <summary>True where ranks of <paramref name="process"/> begin a wait by spinning.</summary>
    public static bool Spins(WaitMode mode, World world, ProcessInfo process) =>
        mode == WaitMode.Spin
        || (mode == WaitMode.Auto && world.RanksOnMachineOf(process) <= world.ProcessorsOnMachineOf(process));

    /// <summary>
    /// One round without progress, which cost as much as <paramref name="pollCost"/> pauses. <paramref name="sendingTo"/> and
    /// <paramref name="receivingFrom"/> are -1 where that side is whole.
    /// </summary>
    /// <exception cref="RunException">The run was given up, or nothing moved within the timeout.</exception>
    public void Idle(ref Idleness idleness, int pollCost, int sendingTo, int receivingFrom)
    {
        if (idleness.Spun < _pauses)
        {
            idleness.Spun += pollCost;
            if (idleness.Spun <= EagerPolls) return;
            Notice(ref idleness, sendingTo);
            Pause();
            return;
        }

        Notice(ref idleness, sendingTo);

        _abortSignal.ThrowIfSet();
        if (_mode == WaitMode.Block)
        {
            if (!Sleep(ref idleness, sendingTo, receivingFrom)) return;
        }
        else
        {
            if (_mode == WaitMode.Spin) Pause();
            else _ = LibC.SchedYield();
            if ((++idleness.Yields & (YieldsPerLook - 1)) != 0) return;
        }

        if (idleness.Since == 0)
        {
            idleness.Since = Stopwatch.GetTimestamp();
            return;
        }

        _mark?.WaitFor(_worldRanks[receivingFrom >= 0 ? receivingFrom : sendingTo]);
        if (_watch?.IsOver(idleness.Since) ?? Stopwatch.GetElapsedTime(idleness.Since) > _timeout)
            ThrowTimeout(sendingTo, receivingFrom);
    }

    /// <summary>Throws where the run has been given up.</summary>
    /// <exception cref="RunException">It has.</exception>
    public void ThrowIfOver() => _abortSignal.ThrowIfSet();

    private void Notice(ref Idleness idleness, int sendingTo)
    {
        if (idleness.Noticed != 0 || !Clock.Runs) return;
        (idleness.Noticed, idleness.Sends) = (Stopwatch.GetTimestamp(), sendingTo >= 0);
    }

    private static void Pause()
    {
        if (X86Base.IsSupported) X86Base.Pause();
        else if (ArmBase.IsSupported) ArmBase.Yield();
    }

    /// <summary>Sleeps until bytes can be moved, or not for long; false where it has to be tried once more before.</summary>
    private bool Sleep(ref Idleness idleness, int sendingTo, int receivingFrom)
    {
        Link? outgoing = sendingTo < 0 ? null : _links[sendingTo], incoming = receivingFrom < 0 ? null : _links[receivingFrom];
        if (!idleness.Announced)
        {
            idleness.Announced = (outgoing?.Announce() ?? false) | (incoming?.Announce() ?? false);
            if (idleness.Announced) return false;
        }

        _set.Clear();
        outgoing?.AddTo(_set, sends: true, receives: false);
        incoming?.AddTo(_set, sends: false, receives: true);
        _set.Wait(LongestSleep);
        outgoing?.Withdraw();
        incoming?.Withdraw();
        idleness.Announced = false;
        return true;
    }

    /// <summary>Throws what ended the run where that is known by now, else that <paramref name="peer"/> is lost.</summary>
    [DoesNotReturn]
    public void ThrowLost(int peer)
    {
        // A process that gives up says why over the control connection and closes its data sockets: the cause may be behind.
        _abortSignal.ThrowCause(CauseDelay);
        throw new RunException(new Failure(
            FailureKind.PeerLost, $"{Name(_rank)} lost its data connection to {Name(peer)}: the process ended or the network broke")
        {
            Rank = _worldRanks[peer],
            Host = HostOf(peer),
        });
    }

    [DoesNotReturn]
    private void ThrowTimeout(int sendingTo, int receivingFrom)
    {
        string what = receivingFrom >= 0 ? $"data from {Name(receivingFrom)}" : $"{Name(sendingTo)} to take data";
        throw new RunException(new Failure(
            FailureKind.Timeout, $"{Name(_rank)} waited {_timeout.TotalSeconds:0.###} s for {what} and nothing came: it hangs or the network broke")
        {
            Rank = _worldRanks[receivingFrom >= 0 ? receivingFrom : sendingTo],
            Host = HostOf(receivingFrom >= 0 ? receivingFrom : sendingTo),
        });
    }

    private string Name(int rank) => $"rank {_worldRanks[rank]} ({HostOf(rank)})";

    private string HostOf(int rank) => _world.ProcessOf(_worldRanks[rank]).Host;
}
