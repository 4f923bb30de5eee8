using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Native;

namespace Nperf.Core.NcclBackend;

/// <summary>Connects the ranks of a run through NCCL: a GPU and a communicator for each.</summary>
internal static class NcclFabric
{
    private const string Step = "NCCL's initialisation";

    /// <summary>How often a wait looks whether the run was given up.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <summary>True once a thread had to be left behind in NCCL's initialisation.</summary>
    public static bool HasLeftThreads { get; private set; }

    /// <summary>
    /// The communicators of this process's ranks, in their order. Collective over processes. NCCL's settings have to stand in
    /// the environment by now.
    /// </summary>
    /// <exception cref="RunException">A library failed, not all ranks came in time, or the run was given up.</exception>
    public static NcclCommunicator[] Connect(
        Control control, GpuLibraries libraries, BackendDecision decision, NcclLogSession log)
    {
        RunOptions options = control.Options;
        ProcessInfo self = control.Self;
        Groups groups = Groups.Of(control.World.Size, options.Split);
        NcclUniqueId[] ids = [.. groups.All.Select(members => Agree(control, libraries.Nccl, members[0]))];
        var starts = new RankStart[self.RankCount];
        for (int i = 0; i < starts.Length; i++)
            starts[i] = new RankStart(control, libraries, decision.Gpus[self.FirstRank + i], groups, ids, log);
        var deadline = Deadline.AfterSeconds(options.TimeoutSeconds);
        return [.. starts.Select(start => start.Wait(control.AbortSignal, deadline))];
    }

    /// <summary>The id of a group that begins with <paramref name="leader"/>, whose process listens for NCCL's own connections from then on.</summary>
    private static NcclUniqueId Agree(Control control, Nccl nccl, int leader)
    {
        int owner = control.World.ProcessOf(leader).Index;
        byte[] id = [];
        if (owner == control.Self.Index)
        {
            try
            {
                id = nccl.GetUniqueId().ToArray();
            }
            catch (LibraryException cause)
            {
                throw new RunException(new Failure(FailureKind.Error, cause.Message) { Rank = leader, Step = Step }, cause);
            }
        }
        return NcclUniqueId.FromBytes(control.Broadcast(owner, id, Step));
    }

    /// <summary>
    /// A rank's initialisation on a thread of its own. It blocks within NCCL (a communicator that does not would start a
    /// thread for every operation later), so the wait for it has the deadline; a thread that does not come back is left
    /// behind for the end of the process.
    /// </summary>
    private sealed class RankStart
    {
        private readonly TaskCompletionSource<NcclCommunicator> _made = new();
        private readonly RankPlace _place;
        private readonly double _timeoutSeconds;

        public RankStart(Control control, GpuLibraries libraries, RankGpu gpu, Groups groups, NcclUniqueId[] ids, NcclLogSession log)
        {
            RunOptions options = control.Options;
            _place = new RankPlace(gpu.Rank, control.Self.Host, $"GPU {gpu.Gpu.Index}");
            _timeoutSeconds = options.TimeoutSeconds;
            var config = new NcclConfig
            {
                CtaPolicy = options.CtaPolicy == CtaPolicy.Default ? null : (int)options.CtaPolicy,
            };
            new Thread(() => Start(control, libraries, gpu, groups, ids[groups.GroupOf(gpu.Rank)], config, log))
            {
                IsBackground = true,
                Name = $"NCCL start of rank {gpu.Rank}",
            }.Start();
        }

        /// <summary>The communicator, once it is there.</summary>
        public NcclCommunicator Wait(AbortSignal abort, Deadline deadline)
        {
            while (Task.WaitAny([_made.Task], Glance) < 0)
            {
                HasLeftThreads = abort.IsSet || deadline.Passed;
                abort.ThrowIfSet();
                if (deadline.Remaining > TimeSpan.Zero) continue;
                throw _place.Failed(
                    FailureKind.Timeout,
                    $"NCCL did not connect all ranks within {_timeoutSeconds:0.###} s: its ports may be closed between the hosts, "
                    + "or the interface wrong (NCCL_SOCKET_IFNAME); --debug shows NCCL's log",
                    Step);
            }
            return _made.Task.Exception?.InnerException switch
            {
                null => _made.Task.Result,
                LibraryException cause => throw _place.Failed(cause, Step),
                { } defect => throw new RunException(Failure.Of(defect), defect),
            };
        }

        private void Start(
            Control control, GpuLibraries libraries, RankGpu gpu, Groups groups, NcclUniqueId id, NcclConfig config,
            NcclLogSession log)
        {
            try
            {
                var device = new GpuDevice(libraries.Cuda, gpu.Gpu);
                nint handle = libraries.Nccl.InitRank(groups.Size, id, groups.RankOf(gpu.Rank), config);
                _made.SetResult(new NcclCommunicator(
                    libraries, device, handle, _place, groups, control, log));
            }
            catch (Exception cause)
            {
                _made.SetException(cause);
            }
        }
    }
}
