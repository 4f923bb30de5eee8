using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nperf.Core.Results;

/// <summary>
/// Everything a run says, as written with <c>-J</c>. Field names are read by scripts: they stay, and are added to.
/// The published schema is <c>docs/results.schema.json</c>.
/// </summary>
/// <remarks>
/// What has a default can be set, in all sections: where a document of another version does not have it, the JSON reader would else give it
/// the default of its type.
/// </remarks>
public sealed record ResultsDocument
{
    /// <summary>The code of the error that wrong results are.</summary>
    public const string WrongResults = "wrongResults";

    /// <summary>The code of the error that figures are that are not as expected.</summary>
    public const string ExpectationsNotMet = "expectationsNotMet";

    /// <summary>The version of the document's form; raised when a script could notice.</summary>
    public int SchemaVersion { get; set; } = 1;

    /// <summary>The version of nperf that wrote it.</summary>
    public required string Version { get; init; }

    /// <summary>When the run began, UTC, ISO 8601.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What was asked for.</summary>
    public required ConfigSection Config { get; init; }

    /// <summary>The sizes that were finished, in the order in which they ran.</summary>
    public required IReadOnlyList<SizeResult> Results { get; init; }

    /// <summary>
    /// What connected the first rank of the process that wrote this to the others, for example <c>shm+tcp</c>; null where
    /// the ranks were never connected.
    /// </summary>
    public required string? Transports { get; init; }

    /// <summary>What NCCL did, from its own log; absent where its log was not read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NcclSection? Nccl { get; init; }

    /// <summary>The processes and the ranks they brought.</summary>
    public required IReadOnlyList<ProcessSection> Processes { get; init; }

    /// <summary>GPUs and links; both empty on the host backend.</summary>
    public required TopologySection Topology { get; init; }

    /// <summary>The machine that wrote the document, and its software.</summary>
    public required EnvironmentSection Environment { get; init; }

    /// <summary>What a reader should know to read the figures right, one sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>
    /// The ranks that held up the others throughout the run; null where that cannot be said: single iterations of less than
    /// some 0.2 s, or operations and a backend that do not tell.
    /// </summary>
    public IReadOnlyList<StragglerSection>? Stragglers { get; init; }

    /// <summary>What each pair of ranks does; absent where <c>--pattern</c> did not ask for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PairsSection? Pairs { get; init; }

    /// <summary>What slows the ranks; absent where <c>--pattern find-slow</c> did not ask for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FindSlowSection? FindSlow { get; init; }

    /// <summary>What became of what was expected; absent where nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ExpectationSection>? Expectations { get; init; }

    /// <summary>The host of a rank; empty where it is not known.</summary>
    internal string HostOf(int rank) => Processes.FirstOrDefault(process => process.Ranks.Contains(rank))?.Host ?? "";

    /// <summary>Why the run ended early, or that its results were wrong or not as expected; absent otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ErrorSection? Error { get; init; }

    /// <summary>The document as <c>nperf -J</c> writes it, without the line feed at its end.</summary>
    /// <exception cref="ArgumentException">A figure is not finite: JSON has no such numbers.</exception>
    public string ToJson() => JsonSerializer.Serialize(this, ResultsJson.Default.ResultsDocument);
}

/// <summary>Where the processes of a run by NCCL bootstrap met.</summary>
/// <param name="Address">NCCL's own address, as NCCL_COMM_ID had it.</param>
/// <param name="ControlPort">The port of nperf's control connections on that host.</param>
public sealed record BootstrapSection(string Address, int ControlPort);

/// <summary>What was asked for. Lists are joined with commas.</summary>
public sealed record ConfigSection
{
    /// <summary>
    /// How the processes found each other: <c>local</c>, <c>server</c>, <c>client</c>, <c>mpi</c>, <c>nccl-bootstrap</c>, or
    /// what started them, for example <c>srun</c>.
    /// </summary>
    public required string Mode { get; init; }

    /// <summary>NCCL bootstrap: its addresses; absent in other modes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BootstrapSection? Bootstrap { get; init; }

    /// <summary>What carried the collectives: <c>host</c>, <c>nccl</c> or <c>mpi</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>How the host backend was told to move data: <c>auto</c>, <c>memory</c>, <c>shm</c> or <c>tcp</c>.</summary>
    public required string Transport { get; init; }

    /// <summary>TCP connections for each pair of ranks that the host backend connected over TCP.</summary>
    public int Streams { get; set; } = 1;

    /// <summary>The TCP congestion control asked for; null where it was left to the system. What was in use is in the environment.</summary>
    public string? TcpCongestion { get; init; }

    /// <summary>Names of the collectives.</summary>
    public required string Operation { get; init; }

    /// <summary>Names of the element types.</summary>
    public required string DataType { get; init; }

    /// <summary>Names of the reductions.</summary>
    public required string ReduceOp { get; init; }

    /// <summary>Root ranks, or <c>all</c>.</summary>
    public required string Root { get; init; }

    /// <summary>How much the blocks of alltoallv differ: from 0, not at all, to 1.</summary>
    public double Spread { get; set; } = Collectives.Operations.DefaultSpread;

    /// <summary>True where a matrix of traffic was given for alltoallv.</summary>
    public bool HasTraffic { get; init; }

    /// <summary>The number of ranks (the name is from GPUs; on the host backend a rank is a thread).</summary>
    public required int NumGpus { get; init; }

    /// <summary>What the ranks did with each other: <c>collectives</c>, <c>pairs</c> or <c>find-slow</c>.</summary>
    public string Pattern { get; set; } = "collectives";

    /// <summary>The smallest size asked for, bytes.</summary>
    public required long MinBytes { get; init; }

    /// <summary>The largest size asked for, bytes.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>From one size to the next: times this; not used where <see cref="StepBytes"/> is not 0.</summary>
    public double StepFactor { get; set; } = 2;

    /// <summary>From one size to the next: this many bytes more; 0 where it is multiplied.</summary>
    public long StepBytes { get; init; }

    /// <summary>Timed iterations a size asked for; not used when <see cref="Seconds"/> is set.</summary>
    public required int Iterations { get; init; }

    /// <summary>Iterations before the timed ones.</summary>
    public required int WarmupIterations { get; init; }

    /// <summary>Seconds a size asked for; 0 where iterations were.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds left out at the start of each timed run.</summary>
    public required double OmitSeconds { get; init; }

    /// <summary>How narrow the confidence interval of each size's time was asked to be, as a part of it; 0 where it was not.</summary>
    public double Precision { get; init; }

    /// <summary>How often the whole was asked for; 0 until stopped.</summary>
    public required int Cycles { get; init; }

    /// <summary><c>none</c>, <c>once</c> or <c>each</c>.</summary>
    public required string Verify { get; init; }

    /// <summary>The relative difference that a floating-point result may have.</summary>
    public double VerifyTolerance { get; init; }

    /// <summary>The algorithm asked for; each result names the one taken.</summary>
    public required string Algorithm { get; init; }

    /// <summary>
    /// Host backend: the lines that stood before its own table of algorithms, each as
    /// <c>allreduce 2 192K recursive-doubling</c>; null where there were none.
    /// </summary>
    public IReadOnlyList<string>? AlgorithmTable { get; init; }

    /// <summary>How ranks of the host backend waited: <c>auto</c>, <c>spin</c>, <c>yield</c> or <c>block</c>.</summary>
    public string Wait { get; set; } = "auto";

    /// <summary>The protocol asked for.</summary>
    public required string Protocol { get; init; }

    /// <summary><c>no</c>, <c>yes</c> or <c>both</c>: whether send and receive buffer were one.</summary>
    public required string InPlace { get; init; }

    /// <summary>How the ranks were divided into groups that run at once, for example <c>mod:2</c>; null where they were not.</summary>
    public required string? Split { get; init; }

    /// <summary>How often each batch was replayed as a CUDA graph; 0: operations were launched one by one.</summary>
    public required int GraphLaunches { get; init; }

    /// <summary>Operations an iteration.</summary>
    public required int Aggregate { get; init; }

    /// <summary>How NCCL was told of the buffers: <c>none</c>, <c>local</c> or <c>symmetric</c>.</summary>
    public required string Register { get; init; }

    /// <summary>NCCL's policy for multiprocessors: <c>default</c>, <c>efficiency</c> or <c>zero</c>.</summary>
    public required string CtaPolicy { get; init; }

    /// <summary>What followed each operation: <c>none</c>, <c>op</c> (a wait) or <c>barrier</c> (and a barrier).</summary>
    public required string Sync { get; init; }
}

/// <summary>A process of the run.</summary>
public sealed record ProcessSection
{
    /// <summary>Its host's name.</summary>
    public required string Host { get; init; }

    /// <summary>Its process id there.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Its address as the server sees it.</summary>
    public required string Address { get; init; }

    /// <summary>The ranks it has.</summary>
    public required IReadOnlyList<int> Ranks { get; init; }

    /// <summary>On NCCL the UUID of each rank's GPU, in the order of the ranks; null on the host backend.</summary>
    public required IReadOnlyList<string>? Gpus { get; init; }

    /// <summary>The interfaces that were named to carry its data over TCP, in the order of the streams; null where none was, or TCP carried nothing.</summary>
    public IReadOnlyList<DataInterface>? Interfaces { get; init; }
}

/// <summary>The machine that wrote the document. Versions of what is not there are null.</summary>
public sealed record EnvironmentSection
{
    /// <summary>Its host name.</summary>
    public required string Hostname { get; init; }

    /// <summary>The operating system, as it names itself.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>The processor's name.</summary>
    public required string Processor { get; init; }

    /// <summary>Processors this process may use.</summary>
    public required int ProcessorCount { get; init; }

    /// <summary>The CUDA driver's API version.</summary>
    public string? CudaVersion { get; init; }

    /// <summary>NCCL's version.</summary>
    public string? NcclVersion { get; init; }

    /// <summary>The libnccl that was loaded.</summary>
    public string? NcclLibrary { get; init; }

    /// <summary>The MPI library with its version, for example <c>Open MPI 4.1.4</c>.</summary>
    public string? MpiVersion { get; init; }

    /// <summary>The libmpi that was loaded.</summary>
    public string? MpiLibrary { get; init; }

    /// <summary>The NVIDIA driver's version.</summary>
    public string? DriverVersion { get; init; }

    /// <summary>The kernel's TCP congestion control, where TCP carried data.</summary>
    public string? TcpCongestionControl { get; init; }

    /// <summary>The variables named <c>NCCL_*</c> and <c>NPERF_*</c> that were set, tokens left out.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }
}

/// <summary>Why a run ended early.</summary>
public sealed record ErrorSection
{
    /// <summary>The kind, for scripts: <c>error</c>, <c>usage</c>, <c>optionsDiffer</c>, <c>timeout</c>, <c>peerLost</c>, <c>interrupted</c>, <c>terminated</c>, <c>hungUp</c>, <c>wrongResults</c>, <c>expectationsNotMet</c>.</summary>
    public required string Code { get; init; }

    /// <summary>One line for people.</summary>
    public required string Message { get; init; }

    /// <summary>The rank it happened on, or null.</summary>
    public int? Rank { get; init; }

    /// <summary>The host it happened on, or null.</summary>
    public string? Host { get; init; }

    /// <summary>What was being done, or null.</summary>
    public string? Step { get; init; }
}
