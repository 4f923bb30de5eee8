using System.Diagnostics;
using Nperf.Core.Liveness;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Native;

namespace Nperf.Core.NcclBackend;

/// <summary>Connects the ranks of a run through NCCL: a GPU and a communicator for each.</summary>
internal static class NcclFabric
{
    private const string Step = "NCCL's initialisation";

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
        foreach (RankMark mark in control.Marks) mark.Enter(RankStep.TakingGpu);
        Groups groups = Groups.Of(control.World.Size, options.Split);
        NcclUniqueId[] ids = [.. groups.All.Select(members => Agree(control, libraries.Nccl, decision.Gpus[members[0]]))];
        var starts = new RankStart[self.RankCount];
        for (int i = 0; i < starts.Length; i++)
            starts[i] = new RankStart(control, libraries, decision.Gpus[self.FirstRank + i], groups, ids, log);
        long since = Stopwatch.GetTimestamp();
        try
        {
            while (!starts.All(start => start.IsMade)) WaitAWhile(starts, control, since);
            return [.. starts.Select(start => start.Communicator)];
        }
        catch
        {
            // Other ranks may be within NCCL still.
            NativeCall.HasLeftThreads = true;
            throw;
        }
    }

    // Whichever rank fails first says why; the others may wait for it within NCCL.
    private static void WaitAWhile(RankStart[] starts, Control control, long since)
    {
        RankStart[] unfinished = [.. starts.Where(start => !start.IsMade)];
        foreach (RankStart start in unfinished) start.ThrowIfFailed();
        control.AbortSignal.ThrowIfSet();
        if (control.Watch?.IsOver(since) ?? Stopwatch.GetElapsedTime(since) > control.Options.Timeout)
            throw new RunException(control.Explain(unfinished[0].IsLate()));
        Task.WaitAny([.. unfinished.Select(start => start.Ended)], NativeCall.Glance);
    }

    /// <summary>
    /// The id of a group that begins with <paramref name="leader"/>, whose process listens for NCCL's own connections from then on.
    /// </summary>
    private static NcclUniqueId Agree(Control control, Nccl nccl, RankGpu leader)
    {
        int owner = control.World.ProcessOf(leader.Rank).Index;
        byte[] id = [];
        if (owner == control.Self.Index)
        {
            RankPlace place = PlaceOf(control, leader);
            double seconds = control.Options.TimeoutSeconds;
            try
            {
                id = NativeCall.Within(() => nccl.GetUniqueId().ToArray(), seconds, control.AbortSignal, () => place.Failed(
                    FailureKind.Timeout, $"ncclGetUniqueId did not return within {seconds:0.###} s", Step));
            }
            catch (LibraryException cause)
            {
                throw place.Failed(cause, Step);
            }
        }
        return ReadId(control.Broadcast(owner, id, Step), leader.Rank);
    }

    /// <summary>The id that the process of <paramref name="rank"/> sent.</summary>
    /// <exception cref="RunException">It sent something else.</exception>
    internal static NcclUniqueId ReadId(ReadOnlySpan<byte> bytes, int rank)
    {
        if (bytes.Length != NcclUniqueId.Bytes)
            throw new RunException(FailureKind.Error, $"NCCL's id from rank {rank} has {bytes.Length} bytes: are all nperf of one version?");
        return NcclUniqueId.FromBytes(bytes);
    }

    private static RankPlace PlaceOf(Control control, RankGpu gpu) =>
        new(gpu.Rank, control.Self.Host, $"GPU {gpu.Gpu.Index}");

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
            _place = PlaceOf(control, gpu);
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

        /// <summary>Done once it has ended, well or not.</summary>
        public Task Ended => _made.Task;

        /// <summary>True once the communicator is there.</summary>
        public bool IsMade => _made.Task.IsCompletedSuccessfully;

        /// <summary>The communicator, once it is there.</summary>
        public NcclCommunicator Communicator => _made.Task.Result;

        /// <exception cref="RunException">It failed.</exception>
        public void ThrowIfFailed()
        {
            switch (_made.Task.Exception?.InnerException)
            {
                case null: return;
                case LibraryException cause: throw _place.Failed(cause, Step);
                case { } defect: throw new RunException(Failure.Of(defect), defect);
            }
        }

        /// <summary>What it means that the time is over.</summary>
        public Failure IsLate() => _place.Failed(
            FailureKind.Timeout,
            $"NCCL did not connect all ranks within {_timeoutSeconds:0.###} s: its ports may be closed between the hosts, "
            + "or the interface wrong (NCCL_SOCKET_IFNAME); --debug shows NCCL's log",
            Step).Failure;

        private void Start(
            Control control, GpuLibraries libraries, RankGpu gpu, Groups groups, NcclUniqueId id, NcclConfig config,
            NcclLogSession log)
        {
            try
            {
                var device = new GpuDevice(libraries.Cuda, gpu.Gpu);
                control.Marks.Of(gpu.Rank).Note(RankStep.StartingNccl);
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
