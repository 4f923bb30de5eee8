using Nperf.Core.Options;

namespace Nperf.Core;

/// <summary>What <see cref="Benchmark.RunAsync"/> is to do.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>What to run. A client runs what its server has here, whatever is said.</summary>
    public RunOptions Run { get; init; } = new();

    /// <summary>
    /// How this process takes part: by itself (<see cref="Mode.Local"/>), with a rank for each GPU or two on CPU memory, unless
    /// said otherwise.
    /// </summary>
    public ProcessOptions Process { get; init; } = new() { RanksPerProcess = ProcessOptions.RanksByDefault };

    /// <exception cref="ArgumentException">An option is out of its bounds, or not for a library.</exception>
    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Run, nameof(Run));
        ArgumentNullException.ThrowIfNull(Process, nameof(Process));
        if ((RunOptionsCheck.Refusal(Run) ?? Refusal(Run)) is { } run) throw new ArgumentException($"{nameof(Run)}.{run}", nameof(Run));
        if (Refusal(Process) is { } process) throw new ArgumentException($"{nameof(Process)}.{process}", nameof(Process));
    }

    private static string? Refusal(RunOptions run) => run switch
    {
        { Backend: Backend.Mpi } => $"{nameof(run.Backend)} has to be another: an MPI job runs nperf itself (mpirun nperf --mpi)",
        { GraphLaunches: > 0, Sync: not SyncMode.None } =>
            $"{nameof(run.Sync)} has to be None with GraphLaunches: within a graph nobody can wait for an operation",
        _ => null,
    };

    private static string? Refusal(ProcessOptions process) => process switch
    {
        { Mode: not (Mode.Local or Mode.Server or Mode.Client) } =>
            $"{nameof(process.Mode)} has to be Local, Server or Client: an MPI job runs nperf itself (mpirun nperf --mpi)",
        { Mode: Mode.Client, ServerHost: null or "" } => $"{nameof(process.ServerHost)} has to be the name or address of the server",
        { Port: < 1 or > ushort.MaxValue } => $"{nameof(process.Port)} has to be from 1 to {ushort.MaxValue}",
        { ExpectedClients: < 1 } => $"{nameof(process.ExpectedClients)} has to be 1 or more",
        { RanksPerProcess: < ProcessOptions.RankForEachGpu } =>
            $"{nameof(process.RanksPerProcess)} has to be 1 or more, {nameof(ProcessOptions.RanksByDefault)} or {nameof(ProcessOptions.RankForEachGpu)}",
        { Interfaces: null } => $"{nameof(process.Interfaces)} has to be a list",
        _ when !RunOptionsCheck.IsWait(process.JoinTimeoutSeconds) => $"{nameof(process.JoinTimeoutSeconds)} has to be a time, more than 0 s",
        _ => null,
    };
}
