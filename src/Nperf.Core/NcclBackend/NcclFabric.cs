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
        NcclUniqueId id = Agree(control, libraries.Nccl);
        var starts = new RankStart[self.RankCount];
        for (int i = 0; i < starts.Length; i++)
            starts[i] = new RankStart(control, libraries, decision.Gpus[self.FirstRank + i], id, log);
        var deadline = Deadline.AfterSeconds(options.TimeoutSeconds);
        return [.. starts.Select(start => start.Wait(control.AbortSignal, deadline))];
    }

    /// <summary>Rank 0's id, on every process: its process listens for NCCL's own connections from then on.</summary>
    private static NcclUniqueId Agree(Control control, Nccl nccl)
    {
        int owner = control.World.ProcessOf(0).Index;
        byte[] id = [];
        if (owner == control.Self.Index)
        {
            try
            {
                id = nccl.GetUniqueId().ToArray();
            }
            catch (LibraryException cause)
            {
                throw new RunException(new Failure(FailureKind.Error, cause.Message) { Rank = 0, Step = Step }, cause);
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

        public RankStart(Control control, GpuLibraries libraries, RankGpu gpu, NcclUniqueId id, NcclLogSession log)
        {
            RunOptions options = control.Options;
            _place = new RankPlace(gpu.Rank, control.Self.Host, $"GPU {gpu.Gpu.Index}");
            _timeoutSeconds = options.TimeoutSeconds;
            var config = new NcclConfig
            {
                CtaPolicy = options.CtaPolicy == CtaPolicy.Default ? null : (int)options.CtaPolicy,
            };
            new Thread(() => Start(control, libraries, gpu, id, config, log))
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
            Control control, GpuLibraries libraries, RankGpu gpu, NcclUniqueId id, NcclConfig config, NcclLogSession log)
        {
            try
            {
                var device = new GpuDevice(libraries.Cuda, gpu.Gpu);
                nint handle = libraries.Nccl.InitRank(control.World.Size, id, gpu.Rank, config);
                _made.SetResult(new NcclCommunicator(
                    libraries, device, handle, _place, gpu.Rank, control.World.Size, control, log));
            }
            catch (Exception cause)
            {
                _made.SetException(cause);
            }
        }
    }
}
