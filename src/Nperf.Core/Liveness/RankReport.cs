using Nperf.Core.Rendezvous;

namespace Nperf.Core.Liveness;

/// <summary>A rank at the moment at which a run stands still.</summary>
/// <param name="Rank">Its number in the world.</param>
/// <param name="Process">The process that it is of.</param>
/// <param name="Position">Where it is.</param>
internal sealed record RankReport(int Rank, ProcessInfo Process, RankPosition Position);
