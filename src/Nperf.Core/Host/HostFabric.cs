using System.Net;
using System.Net.Sockets;
using Nperf.Core.Host.Tcp;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Results;

namespace Nperf.Core.Host;

/// <summary>
/// Connects the ranks of a run on CPU memory: each to every other of its group, as <see cref="TransportPlan"/> says.
/// </summary>
internal static class HostFabric
{
    private const string SharedMemoryStep = "shared memory";
    private const string DataConnectionsStep = "data connections";

    /// <summary>How long the cause of a segment that is gone may take to arrive over the control connection.</summary>
    private static readonly TimeSpan CauseDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The communicators of this process's ranks, in their order, each of the rank's group. Collective over processes. Data goes
    /// over <paramref name="interfaces"/> (names or CIDR ranges), the streams of a pair of ranks in turn; where there are none, over
    /// those of the run's options; where there are none either, by the address <paramref name="bind"/> where it is not null.
    /// </summary>
    /// <exception cref="RunException">
    /// The ranks cannot be split as asked, the transport asked for cannot connect these ranks, there is no such interface or congestion
    /// control, a peer was not reached in time, or the run was given up.
    /// </exception>
    public static HostCommunicator[] Connect(Control control, IReadOnlyList<string> interfaces, IPAddress? bind = null)
    {
        ArgumentNullException.ThrowIfNull(control);
        ArgumentNullException.ThrowIfNull(interfaces);
        Groups groups = Groups.Of(control.World.Size, control.Options.Split);
        var plan = new TransportPlan(control.World, groups, control.Options.Transport);
        InterfaceAddress[] chosen = ChooseInterfaces(
            interfaces.Count > 0 ? interfaces : control.Options.Interfaces, control.LocalAddress, control.Options.Streams);
        using var links = new LinkTable(control.World, control.Self);
        AddPrivate(links, control, plan);
        bool reaches = plan.Uses(Transport.Shm) && AddShared(links, control, plan);
        IReadOnlyList<IReadOnlyList<DataInterface>> named = plan.Uses(Transport.Tcp) ? AddTcp(links, control, plan, chosen, bind) : [];
        return
        [
            .. OwnRanks(control).Select(rank =>
                new HostCommunicator(
                    rank, groups, links.Take(rank, groups.MembersWith(rank)), Memories(rank),
                    plan.LayoutOf(groups.MembersWith(rank)), control) { Interfaces = named }),
        ];

        PeerMemory[] Memories(int rank) =>
        [
            .. groups.MembersWith(rank).Select(peer => plan.Between(rank, peer) switch
            {
                Transport.Memory => PeerMemory.OfThisProcess,
                Transport.Shm when reaches => PeerMemory.OfProcess(control.World.ProcessOf(peer).ProcessId),
                _ => PeerMemory.OutOfReach,
            }),
        ];
    }

    /// <summary>Refuses what this machine does not have, before anybody is waited for.</summary>
    /// <param name="interfaces">Names or CIDR ranges of interfaces.</param>
    /// <param name="congestionControl">A congestion control; null is fine.</param>
    /// <exception cref="RunException">There is none; the message lists what there is.</exception>
    public static void RequireNetwork(IReadOnlyList<string> interfaces, string? congestionControl)
    {
        ArgumentNullException.ThrowIfNull(interfaces);
        ChooseInterfaces(interfaces, local: null, RunOptions.MostStreams);
        CongestionControl.Require(congestionControl);
    }

    private static InterfaceAddress[] ChooseInterfaces(IReadOnlyList<string> choices, IPAddress? local, int streams)
    {
        if (choices.Count == 0) return [];
        IReadOnlyList<InterfaceAddress> all = InterfaceAddress.All();
        AddressFamily family = Plain(local)?.AddressFamily ?? AddressFamily.InterNetwork;
        InterfaceAddress[] chosen = [.. choices.Select(choice => InterfaceAddress.Choose(choice, all, family))];
        string together = $"--interface {string.Join(',', choices)}";
        if (chosen.GroupBy(one => one.Address).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new RunException(FailureKind.Error, $"{together}: on {ThisProcess.Host} two of them are {twice.Key}");
        if (chosen.Length > streams)
        {
            throw new RunException(
                FailureKind.Error,
                $"{together}: the run has {streams} {(streams == 1 ? "stream" : "streams")} a pair of ranks, so that {ThisProcess.Host} "
                + $"would use no more of them; on the server, --streams {chosen.Length}");
        }

        return chosen;
    }

    /// <summary>True where a rank may sleep until a peer wakes it.</summary>
    private static bool Wakes(Control control) => control.Options.Wait == WaitMode.Block;

    private static IEnumerable<int> OwnRanks(Control control) => Ranks(control.Self);

    private static IEnumerable<int> Ranks(ProcessInfo process) =>
        Enumerable.Range(process.FirstRank, process.RankCount);

    private static void AddPrivate(LinkTable links, Control control, TransportPlan plan)
    {
        int[] ranks = [.. OwnRanks(control)];
        var rings = new PrivateRings(ranks, Ring.CapacityFor(ranks.Length), Wakes(control));
        foreach (int rank in ranks)
        {
            links.Add(rank, rank, rings.Open(rank, rank));
            foreach (int peer in plan.Peers(rank, Transport.Memory)) links.Add(rank, peer, rings.Open(rank, peer));
        }
    }

    /// <summary>
    /// One segment for the processes that share a <c>/dev/shm</c> and have ranks to connect by it, made by the first of them.
    /// True where every process of the run reaches the memory of all that it shares one with.
    /// </summary>
    private static bool AddShared(LinkTable links, Control control, TransportPlan plan)
    {
        ProcessInfo[] sharing =
        [
            .. control.World.Processes.Where(process => process.SharedMemoryId == control.Self.SharedMemoryId
                && Ranks(process).Any(rank => plan.Uses(rank, Transport.Shm))),
        ];
        int[] ranks = [.. sharing.SelectMany(Ranks)];
        nint capacity = Ring.CapacityFor(ranks.Length);
        SharedRings? rings = null;
        bool uses = sharing.Contains(control.Self);
        bool creates = uses && sharing[0] == control.Self;
        string name = uses ? $"{SegmentName.Of(control)}-{sharing[0].Index}" : "";
        try
        {
            if (creates) AddEnds(SharedRings.Create(name, ranks, capacity, Wakes(control)));
            control.Barrier(SharedMemoryStep);
            if (uses && !creates) AddEnds(OpenShared(control, name, ranks, capacity));
            control.Barrier(SharedMemoryStep);
            bool reaches = rings is null || sharing.All(process =>
                process == control.Self || rings.Reaches(process.FirstRank, process.ProcessId));
            return control.AllReduce([reaches ? 1 : 0], ControlReduction.Min, SharedMemoryStep)[0] != 0;
        }
        finally
        {
            // Everyone has mapped it, or nobody will: the name must not outlive this, even where its maker was killed.
            if (uses) SharedRings.Unlink(name, ranks);
        }

        void AddEnds(SharedRings made)
        {
            rings = made;
            rings.LeaveMark(control.Self.FirstRank);
            foreach (int rank in OwnRanks(control))
                foreach (int peer in plan.Peers(rank, Transport.Shm)) links.Add(rank, peer, rings.Open(rank, peer));
        }
    }

    private static SharedRings OpenShared(Control control, string name, int[] ranks, nint capacity)
    {
        try
        {
            return SharedRings.Open(name, ranks, capacity, Wakes(control));
        }
        catch (RunException)
        {
            // Who gives the run up takes the name away, and has said why.
            control.AbortSignal.ThrowCause(CauseDelay);
            throw;
        }
    }

    /// <summary>
    /// So many connections for each pair of ranks as there are streams; the higher rank connects to the lower one's process.
    /// Returns the interfaces that were named for each process, by index.
    /// </summary>
    private static IReadOnlyList<IReadOnlyList<DataInterface>> AddTcp(
        LinkTable links, Control control, TransportPlan plan, InterfaceAddress[] chosen, IPAddress? bind)
    {
        int[] streams = [.. Enumerable.Range(0, control.Options.Streams)];
        string? congestionControl = control.Options.TcpCongestion;
        bool spins = Waiter.Spins(control.Options.Wait, control.World, control.Self);
        (int Rank, int Peer)[] pairs =
            [.. OwnRanks(control).SelectMany(rank => plan.Peers(rank, Transport.Tcp).Select(peer => (rank, peer)))];
        var handshake = new DataHandshake(control.DataSecret);
        IPAddress? local = Plain(control.LocalAddress);
        IPAddress?[] sources = chosen.Length == 0 ? [bind] : [.. chosen.Select(one => one.Address)];
        using DataListener? listener = pairs.Any(pair => pair.Rank < pair.Peer)
            ? new DataListener(
                sources.Select(source => source ?? (local is null ? IPAddress.Loopback : IPAddress.Any)),
                handshake,
                pairs.Where(pair => pair.Rank < pair.Peer)
                    .SelectMany(pair => streams.Select(stream => new DataStream(pair.Peer, pair.Rank, stream))),
                congestionControl)
            : null;
        DataEndpoint[] own =
        [
            .. sources.Select((source, index) => new DataEndpoint(listener?.Ports[index] ?? 0, Offered(local, source))
            {
                Interface = chosen.Length == 0 ? null : chosen[index].Interface,
            }),
        ];
        DataEndpoint[][] endpoints = DataEndpoint.Exchange(control, own);

        long deadline = BoundedSocket.After(control.Options.Timeout);
        var connectors = new Dictionary<ProcessInfo, DataConnector>();
        foreach ((int rank, int peer) in pairs.Where(pair => pair.Rank > pair.Peer))
        {
            control.Marks.First.Move();
            ProcessInfo process = control.World.ProcessOf(peer);
            if (!connectors.TryGetValue(process, out DataConnector? connector))
            {
                connector = new DataConnector(
                    control.Self, process, endpoints[process.Index], sources, handshake, congestionControl);
                connectors.Add(process, connector);
            }

            links.Add(rank, peer, Link(stream => connector.Connect(
                new DataStream(rank, peer, stream), control.AbortSignal, deadline)));
        }

        listener?.Wait(control.World, control.AbortSignal, deadline);
        control.Barrier(DataConnectionsStep);
        foreach ((int rank, int peer) in pairs.Where(pair => pair.Rank < pair.Peer))
            links.Add(rank, peer, Link(stream => listener!.Take(new DataStream(peer, rank, stream))));
        return [.. endpoints.Select(DataInterface.Of)];

        TcpLink Link(Func<int, Socket> connect)
        {
            var sockets = new List<Socket>();
            try
            {
                foreach (int stream in streams)
                {
                    sockets.Add(connect(stream));
                    // Later than the control connections: they know more.
                    SocketLimits.Apply(sockets[^1], ControlLimits.ClientWait(control.Options.Timeout));
                }

                return new TcpLink([.. sockets], spins);
            }
            catch
            {
                foreach (Socket socket in sockets) socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>The addresses to tell: the chosen one, or the control connection's and then the others of this machine.</summary>
    private static IReadOnlyList<string> Offered(IPAddress? local, IPAddress? source)
    {
        if (source is not null) return [source.ToString()];
        if (local is null) return [];
        IEnumerable<IPAddress> others = InterfaceAddress.All()
            .Where(one => !one.IsLinkLocal && !IPAddress.IsLoopback(one.Address))
            .Select(one => one.Address);
        return [.. others.Prepend(local).Distinct().Take(DataEndpoint.MostAddresses).Select(address => address.ToString())];
    }

    private static IPAddress? Plain(IPAddress? address) =>
        address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
