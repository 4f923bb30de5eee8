namespace Nperf.Core.NcclLog;

/// <summary>The channels from <paramref name="First"/> to <paramref name="Last"/>.</summary>
/// <param name="First">The first one's number.</param>
/// <param name="Last">The last one's number.</param>
internal readonly record struct NcclChannels(int First, int Last)
{
    /// <summary>How many they are.</summary>
    public int Count => Last - First + 1;
}

/// <summary>How NCCL carried out a collective.</summary>
/// <param name="Operation">
/// The operation as NCCL names it, for example <c>AllReduce</c>; null up to 2.22, which does not tell.
/// </param>
/// <param name="Bytes">
/// Bytes of the count argument; up to 2.23 for AllGather and ReduceScatter those of all ranks together.
/// </param>
/// <param name="Algorithm">
/// As on nperf's command line, for example <c>ring</c>; with symmetric memory the name of NCCL's kernel, for example
/// <c>AllReduce_AGxLL_R</c>; <c>copyengine</c> and <c>copyengine+rma</c> where no kernel copies.
/// </param>
/// <param name="Protocol"><c>ll</c>, <c>ll128</c> or <c>simple</c>; null where the algorithm has none.</param>
/// <param name="Channels">The channels; null where NCCL does not tell.</param>
internal sealed record NcclChoice(string? Operation, long Bytes, string Algorithm, string? Protocol, NcclChannels? Channels);
