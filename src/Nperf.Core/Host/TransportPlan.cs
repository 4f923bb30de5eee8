using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Host;

/// <summary>Which transport connects two ranks of a group: the same answer on every process.</summary>
internal sealed class TransportPlan
{
    private readonly World _world;
    private readonly Groups _groups;
    private readonly Transport _asked;

    /// <summary>
    /// The plan for the <paramref name="groups"/> of <paramref name="world"/> where <paramref name="asked"/> was asked for.
    /// </summary>
    /// <exception cref="RunException">That transport cannot connect all ranks of a group.</exception>
    public TransportPlan(World world, Groups groups, Transport asked)
    {
        _world = world;
        _groups = groups;
        _asked = asked;
        string every = groups.Count == 1 ? "every rank" : "every rank of a group";
        if (asked == Transport.Memory && Apart((a, b) => a == b) is { } pair)
        {
            throw new RunException(
                FailureKind.Error,
                $"--transport memory needs {every} in one process, but {Name(pair.First)} and {Name(pair.Other)} are in two; "
                + "use --transport auto");
        }

        if (asked == Transport.Shm && Apart((a, b) => a.SharedMemoryId == b.SharedMemoryId) is { } distant)
        {
            throw new RunException(
                FailureKind.Error,
                $"--transport shm needs {every} to share one /dev/shm, but {Name(distant.Other)} and {Name(distant.First)} "
                + "do not; use --transport auto");
        }
    }

    /// <summary>How ranks <paramref name="a"/> and <paramref name="b"/> are connected: memory, shm or TCP.</summary>
    public Transport Between(int a, int b)
    {
        if (a == b) return Transport.Memory;
        if (_asked != Transport.Auto) return _asked;
        ProcessInfo left = _world.ProcessOf(a), right = _world.ProcessOf(b);
        if (left == right) return Transport.Memory;
        return left.SharedMemoryId == right.SharedMemoryId ? Transport.Shm : Transport.Tcp;
    }

    /// <summary>True when <paramref name="transport"/> connects <paramref name="rank"/> to any other.</summary>
    public bool Uses(int rank, Transport transport) => Peers(rank, transport).Any();

    /// <summary>True when <paramref name="transport"/> connects any two ranks.</summary>
    public bool Uses(Transport transport) => Enumerable.Range(0, _world.Size).Any(rank => Uses(rank, transport));

    /// <summary>The other ranks of its group to which <paramref name="transport"/> connects <paramref name="rank"/>.</summary>
    public IEnumerable<int> Peers(int rank, Transport transport) =>
        _groups.MembersWith(rank).Where(peer => peer != rank && Between(rank, peer) == transport);

    /// <summary>
    /// The ranks of a group with these <paramref name="members"/> by host, where links of more than one kind connect them: some
    /// share memory, and TCP connects those that do not. Else null.
    /// </summary>
    public HostLayout? LayoutOf(IReadOnlyList<int> members) =>
        _asked == Transport.Auto ? HostLayout.Of(members.Select(rank => _world.ProcessOf(rank).SharedMemoryId)) : null;

    /// <summary>Two ranks of a group whose processes are not <paramref name="together"/>, or null.</summary>
    private (int First, int Other)? Apart(Func<ProcessInfo, ProcessInfo, bool> together)
    {
        foreach (IReadOnlyList<int> members in _groups.All)
        {
            ProcessInfo first = _world.ProcessOf(members[0]);
            foreach (int other in members)
                if (!together(first, _world.ProcessOf(other))) return (members[0], other);
        }

        return null;
    }

    private string Name(int rank) => $"rank {rank} ({_world.ProcessOf(rank).Host})";
}
