using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Host;

/// <summary>Which transport connects two ranks: the same answer on every process.</summary>
internal sealed class TransportPlan
{
    private readonly World _world;
    private readonly Transport _asked;

    /// <summary>The plan for <paramref name="world"/> where <paramref name="asked"/> was asked for.</summary>
    /// <exception cref="RunException">That transport cannot connect all of these ranks.</exception>
    public TransportPlan(World world, Transport asked)
    {
        _world = world;
        _asked = asked;
        ProcessInfo first = world.Processes[0];
        if (asked == Transport.Memory && world.Processes.Count > 1)
        {
            throw new RunException(
                FailureKind.Error,
                $"--transport memory needs every rank in one process, but this run has {world.Processes.Count} processes; "
                + "use --transport auto");
        }

        if (asked == Transport.Shm
            && world.Processes.FirstOrDefault(process => process.SharedMemoryId != first.SharedMemoryId) is { } apart)
        {
            throw new RunException(
                FailureKind.Error,
                $"--transport shm needs every process to share one /dev/shm, but rank {apart.FirstRank} ({apart.Host}) and "
                + $"rank {first.FirstRank} ({first.Host}) do not; use --transport auto");
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

    /// <summary>The other ranks to which <paramref name="transport"/> connects <paramref name="rank"/>.</summary>
    public IEnumerable<int> Peers(int rank, Transport transport) =>
        Enumerable.Range(0, _world.Size).Where(peer => peer != rank && Between(rank, peer) == transport);
}
