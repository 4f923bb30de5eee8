namespace Nperf.Core.Collectives;

/// <summary>
/// Where the buffers of a rank lie in an in-place call: both in one, the larger of the two, the other within it. The
/// offsets are NCCL's.
/// </summary>
/// <param name="InReceiveBuffer">True: that one is the receive buffer; false: the send buffer.</param>
/// <param name="SendOffset">Where the send buffer begins in it, in elements; 0 where it is the one.</param>
/// <param name="ReceiveOffset">Where the receive buffer begins in it, in elements; 0 where it is the one.</param>
internal readonly record struct InPlace(bool InReceiveBuffer, long SendOffset, long ReceiveOffset);
