namespace Nperf.Core.Collectives;

/// <summary>A run of elements in a receive buffer and where its values come from.</summary>
/// <param name="ReceiveOffset">The first element in the receive buffer.</param>
/// <param name="Count">The number of elements.</param>
/// <param name="SourceRank">The rank whose send buffer was copied, or <see cref="AllRanks"/> for a reduction over all.</param>
/// <param name="SourceOffset">The first element in the send buffer (of every rank, for a reduction).</param>
internal readonly record struct Segment(long ReceiveOffset, long Count, int SourceRank, long SourceOffset)
{
    /// <summary>As <see cref="SourceRank"/>: the reduction of every rank's send buffer.</summary>
    public const int AllRanks = -1;
}
