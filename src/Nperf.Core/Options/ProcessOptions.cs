using System.Net;
using Nperf.Core.Rendezvous;

namespace Nperf.Core.Options;

/// <summary>How the processes of a run find each other.</summary>
public enum Mode
{
    /// <summary>One process with all ranks.</summary>
    Local,

    /// <summary>Socket mode: waits for clients; has rank 0.</summary>
    Server,

    /// <summary>Socket mode: joins a server.</summary>
    Client,

    /// <summary>One of the processes of an MPI job.</summary>
    Mpi,
}

/// <summary>What the ranks that a process brings live in.</summary>
internal enum RanksIn
{
    /// <summary>What is best for the backend: threads, unless who knows the backend has chosen otherwise.</summary>
    Auto,

    /// <summary>This process, a thread each.</summary>
    Threads,

    /// <summary>A process each: this one, and member processes that it starts.</summary>
    Processes,
}

/// <summary>What concerns this process alone, and may differ between the processes of a run.</summary>
public sealed record ProcessOptions
{
    /// <summary>The port a server listens on where none is named; iperf3's.</summary>
    public const int DefaultPort = 5201;

    /// <summary>How this process joins the run.</summary>
    public Mode Mode { get; init; } = Mode.Local;

    /// <summary>The place that this process was started for, server or client; null where the server numbers as clients come.</summary>
    internal AssignedPlace? Assigned { get; init; }

    /// <summary>
    /// True where the server shows and writes all there is: one command was given to all processes of the run, and this is
    /// not the first of them.
    /// </summary>
    internal bool LeavesOutputToServer { get; init; }

    /// <summary>NCCL bootstrap: where NCCL itself listens; null in other modes.</summary>
    internal BootstrapAddress? Bootstrap { get; init; }

    /// <summary>What started the run, for the table and the document; null where <see cref="Mode"/> says it all.</summary>
    internal string? StartedBy { get; init; }

    /// <summary>What was found about who started the run, one line for people; null where nothing was.</summary>
    internal string? Found { get; init; }

    /// <summary>The mode's name for people and scripts, for example <c>server</c>.</summary>
    internal string ModeName => StartedBy ?? Mode.ToString().ToLowerInvariant();

    /// <summary>Client: the server's name or address, without port or brackets.</summary>
    public string? ServerHost { get; init; }

    /// <summary>TCP port of the server's control connection. 0 on a server takes any free one, which it then prints.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Server: how many clients to wait for, where <see cref="Assigned"/> does not say it.</summary>
    public int ExpectedClients { get; init; } = 1;

    /// <summary>As <see cref="RanksPerProcess"/>: as many as fit what this process finds.</summary>
    public const int RanksByDefault = 0;

    /// <summary>As <see cref="RanksPerProcess"/>: one for every GPU that this process may use.</summary>
    public const int RankForEachGpu = -1;

    /// <summary>How many ranks this process brings, its own and those of its members; for the rendezvous a number from 1 on.</summary>
    public int RanksPerProcess { get; init; } = 1;

    /// <summary>The number of the GPU of this process's first rank, the next ranks' follow; -1 leaves the choice to nperf.</summary>
    public int Device { get; init; } = -1;

    /// <summary>The libnccl to take, or null: the usual places.</summary>
    public string? NcclLibrary { get; init; }

    /// <summary>The MPI library to take, or null: the launcher's, in the usual places.</summary>
    internal string? MpiLibrary { get; init; }

    /// <summary>True where NCCL is to write its own log.</summary>
    internal bool ShowsNcclLog { get; init; }

    /// <summary>What they live in. Has to be decided before the rendezvous: there <see cref="RanksIn.Auto"/> means threads.</summary>
    internal RanksIn RanksIn { get; init; } = RanksIn.Auto;

    /// <summary>How many processes this one brings, itself too.</summary>
    internal int Processes => RanksIn == RanksIn.Processes ? RanksPerProcess : 1;

    /// <summary>How many ranks this process has itself.</summary>
    internal int OwnRanks => RanksPerProcess / Processes;

    /// <summary>The place that this process was started to take, where it is a member; null where a user started it.</summary>
    internal MemberPlace? Place { get; init; }

    /// <summary>
    /// Which of the processes that one user's command brings this is: 0 the one that was started, its members 1 and up.
    /// </summary>
    internal int MemberIndex => Place?.Member ?? 0;

    /// <summary>What the processes of the run have to know to be let in, or null: then anybody may join.</summary>
    public Token? Token { get; init; }

    /// <summary>
    /// The address of this machine that everything goes by: a server listens on it alone, connections of this process are
    /// made from it. Null: all of them.
    /// </summary>
    public IPAddress? Bind { get; init; }

    /// <summary>
    /// The network interfaces for data, each by name or as a CIDR range: the streams of a pair of ranks go over them in turn.
    /// None: those of <see cref="RunOptions.Interfaces"/>, and where there are none either the choice is nperf's.
    /// </summary>
    public IReadOnlyList<string> Interfaces { get; init; } = [];

    /// <summary>The longest that this process waits to join, in seconds; after joining, the server's timeout rules.</summary>
    public double JoinTimeoutSeconds { get; init; } = 30;
}
