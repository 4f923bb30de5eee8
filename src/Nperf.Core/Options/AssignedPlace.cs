namespace Nperf.Core.Options;

/// <summary>
/// The place of a process among those of its run, where it was numbered before it started: by its user or by a launcher.
/// Numbers are those of the processes that were started. Each brings as many ranks, which follow in the order of these
/// numbers: with <c>-g 4</c> the process of number 1 has ranks 4 to 7.
/// </summary>
/// <param name="Rank">Its number, from 0 on; 0 is the server.</param>
/// <param name="WorldSize">How many were started, the server too.</param>
internal sealed record AssignedPlace(int Rank, int WorldSize)
{
    /// <summary>For example <c>rank 2 of 3</c>.</summary>
    public override string ToString() => $"rank {Rank} of {WorldSize}";
}
