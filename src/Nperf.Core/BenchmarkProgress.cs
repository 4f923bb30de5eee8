using Nperf.Core.Results;

namespace Nperf.Core;

/// <summary>How far a benchmark has come: reported each time a size is finished.</summary>
/// <param name="Finished">
/// The size that was finished; of a run that was given up the last may be one under way (<see cref="SizeResult.Partial"/>).
/// </param>
/// <param name="SizesDone">Sizes finished so far in this cycle, over all operations, types, reductions and roots.</param>
/// <param name="SizesTotal">Sizes of a cycle in all.</param>
public sealed record BenchmarkProgress(SizeResult Finished, long SizesDone, long SizesTotal);
