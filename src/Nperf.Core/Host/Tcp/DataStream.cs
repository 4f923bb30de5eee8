namespace Nperf.Core.Host.Tcp;

/// <summary>One of the data connections of a pair of ranks.</summary>
/// <param name="From">The rank that connects, higher than <paramref name="To"/>.</param>
/// <param name="To">The rank that accepts.</param>
/// <param name="Stream">Which of the pair's connections it is, from 0 on.</param>
internal readonly record struct DataStream(int From, int To, int Stream);
