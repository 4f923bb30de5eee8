using Nperf.Core.Data;

namespace Nperf.Core.Options;

/// <summary>
/// What to run: the options that are the same for every rank. The server's are sent to the clients.
/// Defaults are those of the command line.
/// </summary>
public sealed record RunOptions
{
    /// <summary>The choice that is left to the backend.</summary>
    internal const string AutoName = "auto";

    /// <summary>The most TCP connections that a pair of ranks can have.</summary>
    public const int MostStreams = 16;

    /// <summary>The most sizes that one run goes through.</summary>
    internal const int MostSizes = 100_000;

    /// <summary>Names of the collectives (<see cref="Collectives.Operations"/>), run one after the other.</summary>
    public IReadOnlyList<string> Operations { get; init; } = ["allreduce"];

    /// <summary>Whether the operations are run, or something of its own instead.</summary>
    public RunPattern Pattern { get; init; }

    /// <summary>The size of a transfer between two ranks where <see cref="Pattern"/> asks for these, bytes; 0 is left to the backend.</summary>
    public long PairBytes { get; init; }

    /// <summary>Element types.</summary>
    public IReadOnlyList<DataType> DataTypes { get; init; } = [DataType.Float32];

    /// <summary>Reductions, for the collectives that have one.</summary>
    public IReadOnlyList<Reduction> Reductions { get; init; } = [Reduction.Sum];

    /// <summary>Root ranks, for the collectives that have one; empty means every rank in turn.</summary>
    public IReadOnlyList<int> Roots { get; init; } = [0];

    /// <summary>How much alltoallv's traffic grows with the distance between ranks: 0, not at all, to 1.</summary>
    public double Spread { get; init; } = Collectives.Operations.DefaultSpread;

    /// <summary>Alltoallv's traffic instead of <see cref="Spread"/>, or null.</summary>
    public TrafficMatrix? Traffic { get; init; }

    /// <summary>True: alltoallv runs the bytes of <see cref="Traffic"/> as they are, once, instead of each size.</summary>
    public bool UnscaledTraffic { get; init; }

    /// <summary>How ranks are divided into groups that run by themselves, or null: one group of all.</summary>
    public Split? Split { get; init; }

    /// <summary>Whether send and receive buffers are one.</summary>
    public InPlaceMode InPlace { get; init; } = InPlaceMode.No;

    /// <summary>The smallest size in bytes.</summary>
    public long MinBytes { get; init; } = 1024;

    /// <summary>The largest size in bytes.</summary>
    public long MaxBytes { get; init; } = 1024;

    /// <summary>From one size to the next: this factor, greater than 1. Not used when <see cref="StepBytes"/> is set.</summary>
    public double StepFactor { get; init; } = 2;

    /// <summary>From one size to the next: this many bytes more; 0 to multiply by <see cref="StepFactor"/>.</summary>
    public long StepBytes { get; init; }

    /// <summary>Timed iterations a size.</summary>
    public int Iterations { get; init; } = 20;

    /// <summary>Iterations before the timed ones.</summary>
    public int WarmupIterations { get; init; } = 5;

    /// <summary>Run each size for this long instead of <see cref="Iterations"/> times; 0 is off. Seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Seconds at the start of each timed run (<see cref="Seconds"/>) that are left out of the figures.</summary>
    public double OmitSeconds { get; init; }

    /// <summary>
    /// Run each size until the confidence interval of its time is this narrow to either side, as a part of it (0.01 is 1 %), and for
    /// <see cref="Seconds"/> at the most, or 10 s where these are 0; 0 is off.
    /// </summary>
    public double Precision { get; init; }

    /// <summary>How often the whole is repeated; 0: until stopped.</summary>
    public int Cycles { get; init; } = 1;

    /// <summary>How often results are checked.</summary>
    public VerifyMode Verify { get; init; } = VerifyMode.Once;

    /// <summary>
    /// Relative difference that a floating-point result may have; 0 compares bit for bit, which the test pattern
    /// makes possible for every reduction of the host backend.
    /// </summary>
    public double VerifyTolerance { get; init; }

    /// <summary>Which library carries the collectives.</summary>
    public Backend Backend { get; init; } = Backend.Auto;

    /// <summary>How the host backend moves data.</summary>
    public Transport Transport { get; init; } = Transport.Auto;

    /// <summary>Host backend: TCP connections for each pair of ranks that TCP connects, up to <see cref="MostStreams"/>.</summary>
    public int Streams { get; init; } = 1;

    /// <summary>
    /// Host backend: the interfaces for data of a process that names none itself, by name or as a CIDR range: the server's, where
    /// several were named to it; else none.
    /// </summary>
    public IReadOnlyList<string> Interfaces { get; init; } = [];

    /// <summary>Host backend: TCP's congestion control, as the kernel calls it; null leaves it to the system.</summary>
    public string? TcpCongestion { get; init; }

    /// <summary>
    /// The algorithm: NCCL's as in NCCL_ALGO and in lower case, or the host backend's for the collectives that have it;
    /// <c>auto</c> leaves the choice to the backend.
    /// </summary>
    public string Algorithm { get; init; } = AutoName;

    /// <summary>Host backend: what stands before its own table of algorithms, or null.</summary>
    public AlgorithmRules? AlgorithmTable { get; init; }

    /// <summary>Host backend: what a rank does until its peers have come as far.</summary>
    public WaitMode Wait { get; init; } = WaitMode.Auto;

    /// <summary>NCCL's protocol, as in NCCL_PROTO and in lower case; <c>auto</c> leaves the choice to NCCL.</summary>
    public string Protocol { get; init; } = AutoName;

    /// <summary>How often each batch is replayed as a CUDA graph; 0: operations are launched one by one.</summary>
    public int GraphLaunches { get; init; }

    /// <summary>Operations an iteration; with NCCL in one group.</summary>
    public int Aggregate { get; init; } = 1;

    /// <summary>How NCCL is told of the buffers.</summary>
    public Registration Register { get; init; } = Registration.None;

    /// <summary>NCCL's policy for multiprocessors.</summary>
    public CtaPolicy CtaPolicy { get; init; } = CtaPolicy.Default;

    /// <summary>What follows each operation.</summary>
    public SyncMode Sync { get; init; } = SyncMode.None;

    /// <summary>Show the topology of every host and run nothing.</summary>
    [System.Text.Json.Serialization.JsonInclude]
    internal bool Topology { get; init; }

    /// <summary>The longest that any wait between processes may take, in seconds.</summary>
    public double TimeoutSeconds { get; init; } = 30;

    /// <summary>True where every operation was asked for: then those that the ranks cannot run are left out.</summary>
    internal bool WantsAllOperations => Operations.Count == Collectives.Operations.All.Count;

    /// <summary>True where every type was asked for: then those that MPI does not have are left out.</summary>
    internal bool WantsAllDataTypes => DataTypes.Count == Data.DataTypes.All.Count;

    /// <summary>True where every reduction was asked for; likewise.</summary>
    internal bool WantsAllReductions => Reductions.Count == Data.Reductions.All.Count;

    /// <summary><see cref="TimeoutSeconds"/> as a duration.</summary>
    internal TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    /// <summary>The sizes in bytes from <see cref="MinBytes"/> to <see cref="MaxBytes"/>, both included where the steps meet it.</summary>
    public IEnumerable<long> Sizes()
    {
        // In double beyond the exact integers: the last steps before the end of the range need no more.
        for (long size = MinBytes; size <= MaxBytes;)
        {
            yield return size;
            double next = StepBytes > 0 ? (double)size + StepBytes : size * StepFactor;
            if (next > MaxBytes || size == long.MaxValue) yield break;
            size = StepBytes > 0 ? size + StepBytes : Math.Max((long)next, size + 1);
        }
    }
}
