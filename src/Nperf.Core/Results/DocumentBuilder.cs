using System.Runtime.InteropServices;
using Nperf.Core.Data;
using Nperf.Core.MpiMode;
using Nperf.Core.Options;
using Nperf.Core.Rendezvous;
using Nperf.Core.Stragglers;

namespace Nperf.Core.Results;

/// <summary>Puts a run's document together from what is known: of a run that failed early, that is little.</summary>
internal static class DocumentBuilder
{
    /// <summary>The program's version.</summary>
    public static string Version => ThisProcess.Version;

    /// <summary>The document of a run.</summary>
    /// <param name="startedAt">When it began.</param>
    /// <param name="process">How this process took part.</param>
    /// <param name="options">The run's options: the server's, once they are known.</param>
    /// <param name="world">The processes, or null where they never found each other.</param>
    /// <param name="self">This process, or null likewise.</param>
    /// <param name="fabric">What carried the collectives, or null where the ranks were never connected.</param>
    /// <param name="nccl">What NCCL's log told, or null.</param>
    /// <param name="results">The sizes finished.</param>
    /// <param name="failure">Why it ended early, or null.</param>
    /// <param name="mpi">The MPI library that it ran with, or null.</param>
    /// <param name="leftOut">How many sizes were finished before <paramref name="results"/>.</param>
    /// <param name="pairs">What the pairs of ranks do, where that was asked for.</param>
    /// <param name="findSlow">What slows the ranks, likewise.</param>
    public static ResultsDocument Build(
        DateTimeOffset startedAt, ProcessOptions process, RunOptions options, World? world, ProcessInfo? self, FabricFacts? fabric, NcclSection? nccl,
        IReadOnlyList<SizeResult> results, Failure? failure, MpiFacts? mpi = null,
        long leftOut = 0, PairsSection? pairs = null, FindSlowSection? findSlow = null) => new()
        {
            Version = Version,
            StartedAt = startedAt,
            Config = Config(process, options, world?.Size ?? 0, fabric),
            Results = results,
            Transports = fabric?.Transports,
            Nccl = nccl,
            Processes = world?.Processes.Select(process => Process(process, fabric)).ToArray() ?? [],
            Topology = TopologySection.Of(fabric?.Hosts ?? []),
            Environment = Environment(fabric, mpi),
            Pairs = pairs,
            FindSlow = findSlow,
            Notes = RunNotes.Of(world, self, fabric, results, options, mpi, leftOut),
            Stragglers = StragglerTest.Of(results, world),
            Error = failure is not null ? Error(failure) : WrongResults(results) ?? WrongResults(pairs),
        };

    private static ConfigSection Config(ProcessOptions process, RunOptions options, int worldSize, FabricFacts? fabric) => new()
    {
        Mode = process.ModeName,
        Bootstrap = process.Bootstrap is { } address ? new BootstrapSection(address.ToString(), process.Port) : null,
        Backend = (fabric?.Backend ?? options.Backend).ToString().ToLowerInvariant(),
        Transport = options.Transport.ToString().ToLowerInvariant(),
        Streams = options.Streams,
        TcpCongestion = options.TcpCongestion,
        Operation = string.Join(',', options.Operations),
        DataType = string.Join(',', options.DataTypes.Select(type => type.Name())),
        ReduceOp = string.Join(',', options.Reductions.Select(reduction => reduction.Name())),
        Root = options.Roots.Count == 0 ? "all" : string.Join(',', options.Roots),
        Spread = options.Spread,
        HasTraffic = options.Traffic is not null,
        NumGpus = worldSize,
        Pattern = RunOptionsText.Of(options, "--pattern")!,
        MinBytes = options.MinBytes,
        MaxBytes = options.MaxBytes,
        StepFactor = options.StepFactor,
        StepBytes = options.StepBytes,
        Iterations = options.Iterations,
        WarmupIterations = options.WarmupIterations,
        Seconds = options.Seconds,
        OmitSeconds = options.OmitSeconds,
        Precision = options.Precision,
        Cycles = options.Cycles,
        Verify = options.Verify.ToString().ToLowerInvariant(),
        VerifyTolerance = options.VerifyTolerance,
        Algorithm = options.Algorithm,
        AlgorithmTable = options.AlgorithmTable?.Rules.Select(rule => rule.ToString()).ToArray(),
        Wait = options.Wait.ToString().ToLowerInvariant(),
        Protocol = options.Protocol,
        InPlace = options.InPlace.ToString().ToLowerInvariant(),
        Split = options.Split?.ToString(),
        GraphLaunches = options.GraphLaunches,
        Aggregate = options.Aggregate,
        Register = options.Register.ToString().ToLowerInvariant(),
        CtaPolicy = options.CtaPolicy.ToString().ToLowerInvariant(),
        Sync = options.Sync.ToString().ToLowerInvariant(),
    };

    private static ProcessSection Process(ProcessInfo process, FabricFacts? fabric) => new()
    {
        Host = process.Host,
        ProcessId = process.ProcessId,
        Address = process.Address,
        Ranks = Enumerable.Range(process.FirstRank, process.RankCount).ToArray(),
        Gpus = fabric is { Backend: Backend.Nccl }
            ? [.. fabric.Gpus.Where(gpu => process.HasRank(gpu.Rank)).Select(gpu => gpu.Gpu.Uuid)]
            : null,
        Interfaces = fabric?.Interfaces.ElementAtOrDefault(process.Index) is { Count: > 0 } named ? named : null,
    };

    private static EnvironmentSection Environment(FabricFacts? fabric, MpiFacts? mpi) => new()
    {
        Hostname = System.Environment.MachineName,
        OperatingSystem = RuntimeInformation.OSDescription,
        Processor = ProcFile.Text("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
        ProcessorCount = System.Environment.ProcessorCount,
        TcpCongestionControl = fabric?.CongestionControl,
        CudaVersion = fabric?.Nccl?.CudaVersion,
        DriverVersion = fabric?.Nccl?.DriverVersion,
        NcclVersion = fabric?.Nccl?.Version,
        NcclLibrary = fabric?.Nccl?.Library,
        MpiVersion = mpi?.Library,
        MpiLibrary = mpi?.Path,
        Variables = Variables(),
    };

    private static SortedDictionary<string, string> Variables()
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            string name = (string)entry.Key;
            bool named = name.StartsWith("NCCL_", StringComparison.Ordinal) || name.StartsWith("NPERF_", StringComparison.Ordinal);
            if (named && !name.Contains("TOKEN", StringComparison.Ordinal)) variables[name] = (string?)entry.Value ?? "";
        }
        return variables;
    }

    private static ErrorSection Error(Failure failure) => new()
    {
        Code = char.ToLowerInvariant(failure.Kind.ToString()[0]) + failure.Kind.ToString()[1..],
        Message = failure.Message,
        Rank = failure.Rank,
        Host = failure.Host,
        Step = failure.Step,
    };

    private static ErrorSection? WrongResults(PairsSection? pairs)
    {
        PairLink[] wrong = [.. (pairs?.Links ?? []).Where(link => link.Wrong > 0)];
        return wrong.Length == 0 ? null : new ErrorSection
        {
            Code = ResultsDocument.WrongResults,
            Message = $"{wrong.Sum(link => link.Wrong)} wrong elements in {wrong.Length} of {pairs!.Links.Count} directions of pairs",
            Rank = wrong[0].To,
            Step = $"from rank {wrong[0].From} to rank {wrong[0].To}",
        };
    }

    private static ErrorSection? WrongResults(IReadOnlyList<SizeResult> results)
    {
        long wrong = results.Sum(result => result.Wrong ?? 0);
        if (wrong == 0) return null;
        SizeResult first = results.First(result => result.Wrong > 0);
        return new ErrorSection
        {
            Code = ResultsDocument.WrongResults,
            Message = $"{wrong} wrong elements in {results.Count(result => result.Wrong > 0)} of {results.Count} results",
            Rank = first.Ranks.First(rank => rank.Wrong > 0).Rank,
            Step = $"{first.Operation} {first.DataType}, {first.Bytes} B",
        };
    }
}
