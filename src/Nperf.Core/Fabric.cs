using Nperf.Core.Host;
using Nperf.Core.MpiBackend;
using Nperf.Core.MpiMode;
using Nperf.Core.NcclBackend;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;
using Nperf.Core.Topology;

namespace Nperf.Core;

/// <summary>What carries the collectives of a run, for people and for the document.</summary>
internal sealed record FabricFacts
{
    /// <summary>The backend, never <see cref="Backend.Auto"/>.</summary>
    public required Backend Backend { get; init; }

    /// <summary>In a few words: <c>host backend over shm+tcp</c>, <c>NCCL 2.28.9</c>, <c>collectives by MPI</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>Why this backend, in one line, or null where that was asked for.</summary>
    public string? Reason { get; init; }

    /// <summary>Host backend: what connects this process's first rank to the others, for example <c>shm+tcp</c>.</summary>
    public string? Transports { get; init; }

    /// <summary>Host backend over TCP: its congestion control.</summary>
    public string? CongestionControl { get; init; }

    /// <summary>
    /// Host backend over TCP: the interfaces that were named to carry data, for each process by index; none where none was
    /// named to it, and no processes where TCP carries nothing.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<DataInterface>> Interfaces { get; init; } = [];

    /// <summary>NCCL: what this process found.</summary>
    public NcclOffer? Nccl { get; init; }

    /// <summary>NCCL: each rank's GPU, by rank.</summary>
    public IReadOnlyList<RankGpu> Gpus { get; init; } = [];

    /// <summary>NCCL: why less is known of what it does than could be; host backend: what makes waiting slow. Or null.</summary>
    public string? Remark { get; init; }

    /// <summary>NCCL: the hosts of the run with their GPUs, on the server; empty on a client.</summary>
    public IReadOnlyList<HostTopology> Hosts { get; init; } = [];
}

/// <summary>The ranks of this process, connected with all others.</summary>
/// <param name="Communicators">By rank.</param>
/// <param name="Facts">What carries their collectives.</param>
internal sealed record Fabric(IReadOnlyList<Communicator> Communicators, FabricFacts Facts)
{
    private Thread? _release;
    private bool _hangs;

    /// <summary>NCCL: its log in this process.</summary>
    public NcclLogSession? Log { get; private init; }

    /// <summary>The communicator that is being released, or null.</summary>
    public Communicator? Releasing { get; private set; }

    /// <summary>What went wrong in the release, or null.</summary>
    public Exception? ReleaseFailure { get; private set; }

    /// <summary>
    /// Releases the communicators, on a thread of its own: a library that hangs keeps no process, and is not waited for twice.
    /// </summary>
    /// <returns>False where that is not done within <paramref name="limit"/>.</returns>
    public bool Release(TimeSpan limit)
    {
        if (_release is null)
        {
            _release = new Thread(ReleaseAll) { IsBackground = true, Name = "releasing communicators" };
            _release.Start();
        }

        _hangs = _hangs || !_release.Join(limit);
        return !_hangs;
    }

    private void ReleaseAll()
    {
        foreach (Communicator communicator in Communicators)
        {
            Releasing = communicator;
            try
            {
                communicator.Dispose();
            }
            catch (Exception cause)
            {
                ReleaseFailure ??= cause;
            }
        }

        Log?.Dispose();
    }

    /// <summary>
    /// Chooses the backend and connects the ranks through it; <paramref name="mpi"/> is the job that this process is part of,
    /// or null. Collective over processes.
    /// </summary>
    public static Fabric Connect(Control control, ProcessOptions process, NcclOffer offer, MpiSession? mpi)
    {
        BackendDecision decision = BackendDecision.Reach(control, process, offer);
        return decision.Backend switch
        {
            Backend.Nccl => OnNccl(control, process, offer, decision),
            Backend.Mpi => OnMpi(control, mpi),
            _ => OnHost(control, process, decision),
        };
    }

    private static Fabric OnHost(Control control, ProcessOptions process, BackendDecision decision)
    {
        HostCommunicator[] ranks = HostFabric.Connect(control, process.Interfaces, process.Bind);
        return new Fabric(ranks, new FabricFacts
        {
            Backend = Backend.Host,
            Summary = $"host backend over {ranks[0].TransportSummary}{TcpChoices(control.Options, ranks[0])}",
            Reason = control.Options.Backend == Backend.Auto ? decision.Reason : null,
            Transports = ranks[0].TransportSummary,
            CongestionControl = ranks[0].CongestionControl,
            Interfaces = ranks[0].Interfaces,
            Remark = SpinRemark(control),
        });
    }

    /// <summary>What was asked of TCP, where it carries data.</summary>
    private static string TcpChoices(RunOptions options, HostCommunicator rank)
    {
        if (rank.CongestionControl is null) return "";
        string[] choices =
        [
            .. options.Streams > 1 ? [$"{options.Streams} streams a pair"] : Array.Empty<string>(),
            .. options.TcpCongestion is not null ? [rank.CongestionControl] : Array.Empty<string>(),
        ];
        return choices.Length == 0 ? "" : $" ({string.Join(", ", choices)})";
    }

    private static string? SpinRemark(Control control)
    {
        if (control.Options.Wait != WaitMode.Spin) return null;
        World world = control.World;
        ProcessInfo? crowded = world.Processes.FirstOrDefault(one => world.RanksOnMachineOf(one) > world.ProcessorsOnMachineOf(one));
        return crowded is null
            ? null
            : $"--wait spin: {world.RanksOnMachineOf(crowded)} ranks share {Wording.Count(world.ProcessorsOnMachineOf(crowded), "processor")} of {crowded.Host}, "
                + "and one that spins lets no other run: each wait may last a tick of the scheduler, some milliseconds";
    }

    private static Fabric OnMpi(Control control, MpiSession? mpi) => new(
        [MpiFabric.Connect(control, mpi)],
        new FabricFacts { Backend = Backend.Mpi, Summary = "collectives by MPI" });

    private static Fabric OnNccl(Control control, ProcessOptions process, NcclOffer offer, BackendDecision decision)
    {
        NcclCommId.Settle(control, process);
        NcclSettings.Apply(control.Options, process);
        GpuLibraries libraries = GpuLibraries.Open(offer);
        IReadOnlyList<HostTopology> hosts = TopologyRun.Gather(control);
        control.Ask(() => NcclRas.Ask(Environment.GetEnvironmentVariable(NcclRas.AddressVariable), control.World.Size));
        var log = new NcclLogSession(libraries.Nccl);
        NcclCommunicator[] ranks;
        try
        {
            // What a user, or a host, does with NCCL's log may differ from process to process.
            log.IsStudied = control.AllReduce([log.IsRead ? 1 : 0], ControlReduction.Max, "NCCL's log")[0] > 0;
            ranks = NcclFabric.Connect(control, libraries, decision, log);
        }
        catch
        {
            log.Dispose();
            throw;
        }

        return new Fabric(ranks, new FabricFacts
        {
            Backend = Backend.Nccl,
            Summary = $"NCCL {decision.NcclVersion}",
            Reason = decision.Reason,
            Nccl = offer,
            Gpus = decision.Gpus,
            Hosts = hosts,
            Remark = log.Remark,
        })
        {
            Log = log,
        };
    }
}
