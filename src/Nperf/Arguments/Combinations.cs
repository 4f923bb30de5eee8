using Nperf.Core.Collectives;
using Nperf.Core.Expectations;
using Nperf.Core.Host.Algorithms;
using Nperf.Core.NcclBackend;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;

namespace Nperf.Arguments;

/// <summary>Options that are right alone and wrong together. Each mistake is noted by name.</summary>
internal static class Combinations
{
    public static void Check(GivenOptions given, RunOptions run, ProcessOptions process)
    {
        CheckModes(given, process);
        CheckSizes(given, run);
        CheckDuration(given, run);
        CheckOperations(given, run, process);
        CheckRanks(given, run, process);
        CheckTransport(given, run, process);
        CheckBackend(given, run);
        CheckAlgorithm(given, run, process);
        if (run.Backend == Backend.Mpi) MpiCombinations.Check(given, run, process);
        CheckTopology(given, process);
        CheckFormat(given);
        if (given.HasGood(OptionTable.VerifyTolerance) && given.HasGood(OptionTable.Verify)
            && run.Verify == VerifyMode.None)
        {
            given.Refuse(OptionTable.VerifyTolerance, "has nothing to do with --verify none");
        }
    }

    private static void CheckModes(GivenOptions given, ProcessOptions process)
    {
        OptionDefinition[] chosen = [.. OptionTable.ModeOptions.Where(given.Has)];
        if (chosen.Length > 1)
        {
            string others = string.Join(" and ", chosen[..^1].Select(mode => mode.Both));
            given.Refuse(chosen[^1], $"cannot be combined with {others}; choose one mode");
            return;
        }

        if (given.Has(OptionTable.MpiLib) && process.Mode != Mode.Mpi) given.Refuse(OptionTable.MpiLib, "needs --mpi");
        if (given.Has(OptionTable.NcclBootstrap))
        {
            if (given.Has(OptionTable.NumGpus))
            {
                given.Refuse(
                    OptionTable.NumGpus,
                    "belongs to other modes; --world-size says how many processes there are, -g what each brings");
            }

            return;
        }

        foreach (OptionDefinition option in new[] { OptionTable.Rank, OptionTable.WorldSize }.Where(given.Has))
            given.Refuse(option, "belongs to --nccl-bootstrap; in socket mode the server numbers its clients");
        switch (process.Mode)
        {
            case Mode.Mpi:
                if (given.Has(OptionTable.NumGpus))
                    given.Refuse(OptionTable.NumGpus, "with --mpi the launcher has the number of processes: mpirun -np N");
                foreach (OptionDefinition option in new[] { OptionTable.Port, OptionTable.Bind, OptionTable.TokenFile }.Where(given.Has))
                    given.Refuse(option, "with --mpi there is no port: MPI connects the processes");
                if (given.HasGood(OptionTable.RanksIn) && process.RanksIn == RanksIn.Processes)
                    given.Refuse(OptionTable.RanksIn, "with --mpi the launcher starts the processes: mpirun -np N");
                break;
            case Mode.Client when given.Has(OptionTable.NumGpus):
                given.Refuse(OptionTable.NumGpus, "belongs to the server, which waits for so many clients");
                break;
            case Mode.Local:
                if (given.Has(OptionTable.Port))
                    given.Refuse(OptionTable.Port, "a local run has no port; add -s or -c HOST");
                if (given.Has(OptionTable.Bind))
                    given.Refuse(OptionTable.Bind, "a local run has no port; add -s or -c HOST");
                if (given.Has(OptionTable.TokenFile))
                    given.Refuse(OptionTable.TokenFile, "a local run lets nobody in; add -s or -c HOST");
                if (given.HasGood(OptionTable.NumGpus) && given.HasGood(OptionTable.RanksPerNode)
                    && given.Text(OptionTable.NumGpus) != given.Text(OptionTable.RanksPerNode))
                {
                    given.Refuse(OptionTable.RanksPerNode, "differs from -n; a local run needs only one of them");
                }

                break;
        }
    }

    private static void CheckSizes(GivenOptions given, RunOptions run)
    {
        if (given.HasGood(OptionTable.MaxBytes) && given.IsSound(OptionTable.Bytes) && run.MaxBytes < run.MinBytes)
        {
            string smallest = given.Has(OptionTable.Bytes) ? $"-b {given.Text(OptionTable.Bytes)}" : "-b, which is 1K";
            given.Refuse(OptionTable.MaxBytes, $"'{given.Text(OptionTable.MaxBytes)}' is less than {smallest}");
        }

        if (given.Has(OptionTable.Step) && given.Has(OptionTable.StepBytes))
            given.Refuse(OptionTable.StepBytes, "cannot be combined with -S (--step); multiply the size or add to it");
        else if (given.IsSound(OptionTable.Bytes) && run.Sizes().Take(RunOptions.MostSizes + 1).Count() > RunOptions.MostSizes)
            given.Refuse(given.Has(OptionTable.StepBytes) ? OptionTable.StepBytes : OptionTable.Step,
                $"makes more than {RunOptions.MostSizes} sizes from -b to -B; take a larger step");
    }

    private static void CheckDuration(GivenOptions given, RunOptions run)
    {
        if (given.Has(OptionTable.Iters) && given.Has(OptionTable.Time))
            given.Refuse(OptionTable.Iters, "cannot be combined with -t (--time); choose a number or a time");
        if (given.Has(OptionTable.Iters) && given.Has(OptionTable.Precision))
            given.Refuse(OptionTable.Iters, "cannot be combined with --precision, which runs as many as it takes; -t bounds it");
        if (given.HasGood(OptionTable.Precision) && given.HasGood(OptionTable.Verify) && run.Verify == VerifyMode.Each)
            given.Refuse(OptionTable.Precision, "cannot be combined with --verify each: checks between iterations are no part of their time");
        if (given.Has(OptionTable.Omit) && !given.Has(OptionTable.Time) && !given.Has(OptionTable.Precision))
            given.Refuse(OptionTable.Omit, "needs -t (--time) or --precision: only a timed run has first seconds to leave out");
    }

    private static void CheckOperations(GivenOptions given, RunOptions run, ProcessOptions process)
    {
        if (given.Has(OptionTable.Spread) && given.Has(OptionTable.Traffic))
            given.Refuse(OptionTable.Spread, "cannot be combined with --traffic, which says who sends how much");
        if (!OperationsAreKnown(given, process)) return;
        foreach (OptionDefinition option in new[] { OptionTable.Spread, OptionTable.Traffic }.Where(given.Has))
        {
            if (!run.Operations.Contains("alltoallv"))
                given.Refuse(option, "has nothing to do with what is run; it belongs to --op alltoallv");
        }

        if (given.HasGood(OptionTable.InPlace) && run.InPlace == InPlaceMode.Yes)
        {
            string[] apart = [.. run.Operations.Where(name => Operations.Find(name) is { CanBeInPlace: false })];
            if (apart.Length > 0)
                given.Refuse(OptionTable.InPlace, $"{string.Join(", ", apart)} cannot run in place; 'both' leaves that out");
        }
    }

    /// <summary>What depends on the number of ranks, where that is known: in a local run.</summary>
    private static void CheckRanks(GivenOptions given, RunOptions run, ProcessOptions process)
    {
        if (!RanksAreKnown(given, process)) return;
        if (Groups.Refusal(process.RanksPerProcess, run.Split) is { } unequal) given.Refuse(OptionTable.Split, $"{unequal} (-n)");
        if (RanksOfGroup(given, run, process) is not { } ranks) return;
        string because = Because(run);
        foreach (string name in run.WantsAllOperations ? [] : run.Operations)
        {
            if (Operations.Find(name)?.Refusal(ranks) is { } refusal) given.Refuse(OptionTable.Op, $"{refusal} {because}");
        }

        if (run.Traffic?.Refusal(ranks) is { } reason)
            given.Refuse(OptionTable.Traffic, $"'{given.Text(OptionTable.Traffic)}': {reason} {because}");
        if (!given.HasGood(OptionTable.Root)) return;
        foreach (int root in run.Roots.Where(root => root >= ranks).Take(1))
        {
            string last = ranks == 1 ? "rank 0 is the only one" : $"the ranks are 0 to {ranks - 1}";
            given.Refuse(OptionTable.Root, $"there is no rank {root}; {last} {because}");
        }
    }

    private static bool RanksAreKnown(GivenOptions given, ProcessOptions process) =>
        process.Mode == Mode.Local && process.RanksPerProcess > 0
        && given.IsSound(OptionTable.NumGpus) && given.IsSound(OptionTable.RanksPerNode) && given.IsSound(OptionTable.Split);

    /// <summary>How many ranks run an operation together, where that is known.</summary>
    private static int? RanksOfGroup(GivenOptions given, RunOptions run, ProcessOptions process) =>
        RanksAreKnown(given, process) && Groups.Refusal(process.RanksPerProcess, run.Split) is null
            ? Groups.Of(process.RanksPerProcess, run.Split).Size
            : null;

    private static string Because(RunOptions run) => run.Split is null ? "(-n)" : "in a group (-n, --split)";

    private static void CheckBackend(GivenOptions given, RunOptions run)
    {
        OptionDefinition[] ofNccl =
        [
            OptionTable.NcclLib, OptionTable.Device, OptionTable.Proto, OptionTable.Graph, OptionTable.CtaPolicy,
            OptionTable.ShowTransport,
        ];
        foreach (OptionDefinition option in ofNccl.Where(given.Has))
        {
            if (run.Backend is Backend.Host or Backend.Mpi)
                given.Refuse(option, $"is NCCL's, and --backend {given.Text(OptionTable.Backend)} has none");
        }

        if (run.Backend == Backend.Nccl)
        {
            if (given.HasGood(OptionTable.Transport) && run.Transport != Transport.Auto)
                given.Refuse(OptionTable.Transport, "is the host backend's; NCCL chooses its own (NCCL_P2P_DISABLE and the like)");
            if (given.Has(OptionTable.Streams))
                given.Refuse(OptionTable.Streams, "is the host backend's; NCCL has NCCL_NSOCKS_PERTHREAD and NCCL_SOCKET_NTHREADS");
            if (given.Has(OptionTable.TcpCongestion))
                given.Refuse(OptionTable.TcpCongestion, "is the host backend's; NCCL takes the system's (sysctl net.ipv4.tcp_congestion_control)");
        }

        if (given.Has(OptionTable.Register) && run.Backend == Backend.Mpi)
            given.Refuse(OptionTable.Register, "is for NCCL and the host backend; an MPI library registers what it wants itself");
        if (given.HasGood(OptionTable.Register) && run is { Backend: Backend.Host, Register: Registration.Local })
            given.Refuse(OptionTable.Register, "'local' is NCCL's; on --backend host there is symmetric: buffers in shared memory");
        foreach (OptionDefinition option in new[] { OptionTable.AlgoTable, OptionTable.Wait }.Where(given.Has))
        {
            if (run.Backend == Backend.Nccl) given.Refuse(option, "is the host backend's, and --backend nccl has none");
        }

        if (given.HasGood(OptionTable.Graph) && run.Sync != SyncMode.None)
            given.Refuse(OptionTable.Graph, "cannot be combined with --sync: within a graph nobody can wait for an operation");
    }

    /// <summary>Which algorithms there are depends on the backend, which <c>auto</c> leaves open until the processes have met.</summary>
    private static void CheckAlgorithm(GivenOptions given, RunOptions run, ProcessOptions process)
    {
        if (given.Has(OptionTable.Algo) && given.Has(OptionTable.AlgoTable))
            given.Refuse(OptionTable.AlgoTable, "cannot be combined with --algo, which takes one for every size; choose one");
        if (!given.HasGood(OptionTable.Algo)) return;
        if (run.Backend == Backend.Nccl && !NcclSettings.AlgorithmNames.Contains(run.Algorithm))
            given.Refuse(OptionTable.Algo, $"'{run.Algorithm}' is the host backend's; NCCL has {string.Join(", ", NcclSettings.AlgorithmNames)}");
        bool isHostsAlone = run.Transport != Transport.Auto || !NcclSettings.AlgorithmNames.Contains(run.Algorithm);
        bool isOnHost = run.Backend == Backend.Host || (run.Backend == Backend.Auto && isHostsAlone);
        if (!isOnHost || run.Algorithm == RunOptions.AutoName) return;
        if (!HostAlgorithms.Names.Contains(run.Algorithm))
            given.Refuse(OptionTable.Algo, $"'{run.Algorithm}' is NCCL's; the host backend has {string.Join(", ", HostAlgorithms.Names)}");
        else if (OperationsAreKnown(given, process) && HostAlgorithms.Refusal(run) is { } refusal)
            given.Refuse(OptionTable.Algo, refusal);
        else if (RanksOfGroup(given, run, process) is { } ranks && HostAlgorithms.Refusal(run, ranks) is { } unfit)
            given.Refuse(OptionTable.Algo, $"{unfit} {Because(run)}");
    }

    private static bool OperationsAreKnown(GivenOptions given, ProcessOptions process) =>
        given.HasGood(OptionTable.Op) || (process.Mode != Mode.Client && !given.Has(OptionTable.Op));

    private static void CheckTransport(GivenOptions given, RunOptions run, ProcessOptions process)
    {
        if (given.HasGood(OptionTable.Transport) && process.Mode is Mode.Server or Mode.Client && run.Transport == Transport.Memory)
        {
            given.Refuse(
                OptionTable.Transport, "'memory' is that of one process, and this mode has several; use shm or tcp");
        }

        bool inProcesses = process is { Mode: Mode.Local, RanksIn: RanksIn.Processes, RanksPerProcess: not 1 };
        if (given.HasGood(OptionTable.Transport) && inProcesses && run.Transport == Transport.Memory)
            given.Refuse(OptionTable.Transport, "'memory' is that of one process; --ranks-in processes needs shm or tcp");

        foreach (OptionDefinition option in new[] { OptionTable.Interface, OptionTable.Streams, OptionTable.TcpCongestion }.Where(given.Has))
        {
            if (process.Mode == Mode.Local && run.Transport != Transport.Tcp)
                given.Refuse(option, "a local run has no network; add -s or -c HOST, or --transport tcp");
            else if (option != OptionTable.Interface && run.Transport is Transport.Memory or Transport.Shm)
                given.Refuse(option, $"is about TCP, and --transport {given.Text(OptionTable.Transport)} has none");
        }

        if (given.HasGood(OptionTable.Streams) && given.HasGood(OptionTable.Interface) && process.Interfaces.Count > run.Streams)
        {
            given.Refuse(
                OptionTable.Streams,
                $"'{given.Text(OptionTable.Streams)}' is less than the {process.Interfaces.Count} networks of --interface: some would carry nothing");
        }
    }

    /// <summary>What no result of the run could be about is a mistake, found before it.</summary>
    public static void CheckExpectations(
        GivenOptions given, RunOptions run, ProcessOptions process, IReadOnlyList<Expectation> expectations)
    {
        OptionDefinition? option = new[] { OptionTable.Expect, OptionTable.ExpectFile, OptionTable.ExpectPreset }.FirstOrDefault(given.Has);
        if (option is null) return;
        if (given.Has(OptionTable.Topology)) given.Refuse(option, "is about figures, and --topology runs nothing");
        bool sizesAreKnown = process.Mode != Mode.Client && !run.UnscaledTraffic && given.IsSound(OptionTable.Bytes)
            && given.IsSound(OptionTable.MaxBytes) && given.IsSound(OptionTable.Step) && given.IsSound(OptionTable.StepBytes);
        if (!sizesAreKnown || !given.IsSound(OptionTable.Op)) return;
        foreach (Expectation one in expectations)
        {
            if (one.Operation is { } operation && !run.Operations.Contains(operation))
                given.Refuse(option, $"'{one.Text}' is about {operation}, which is not run; --op says what is");
            else if (one.FromBytes > 0 && !run.Sizes().Any(one.IsAbout))
                given.Refuse(option, $"'{one.Text}' is about no size of this run; -b, -B and -S say which there are");
        }
    }

    private static void CheckFormat(GivenOptions given)
    {
        if (!given.HasGood(OptionTable.Format)) return;
        string format = given.Text(OptionTable.Format)!;
        OptionDefinition[] others = [OptionTable.JsonStream, OptionTable.Json];
        if (others.FirstOrDefault(given.Has) is { } other && !(other == OptionTable.Json && format == "json"))
            given.Refuse(OptionTable.Format, $"'{format}' cannot be combined with {other.Both}; choose one form");
        else if (given.Has(OptionTable.Topology) && format != "json")
            given.Refuse(OptionTable.Format, $"'{format}' is for figures; a topology is shown as --topo-format says");
    }

    private static void CheckTopology(GivenOptions given, ProcessOptions process)
    {
        if (!given.Has(OptionTable.Topology))
        {
            if (given.Has(OptionTable.TopoFormat))
                given.Refuse(OptionTable.TopoFormat, "needs --topology: only a topology is shown so");
            return;
        }

        if (given.Has(OptionTable.JsonStream))
            given.Refuse(OptionTable.JsonStream, "has nothing to do with --topology, which runs nothing; --topo-format json is its JSON");
        if (process is { Mode: Mode.Client, LeavesOutputToServer: false })
        {
            foreach (OptionDefinition option in new[] { OptionTable.TopoFormat, OptionTable.Json, OptionTable.Format, OptionTable.Output })
                if (given.Has(option)) given.Refuse(option, "belongs to the server, which shows every host's topology");
        }
        else if (given.Has(OptionTable.Json) && given.HasGood(OptionTable.TopoFormat)
            && given.Text(OptionTable.TopoFormat) != "json")
        {
            given.Refuse(OptionTable.TopoFormat, "cannot be combined with -J (--json), which is --topo-format json");
        }
    }
}
