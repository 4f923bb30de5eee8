namespace Nperf.Core.NcclLog;

/// <summary>Which end of a connection told of it.</summary>
internal enum NcclDirection
{
    /// <summary>The end that sends. P2P and SHM tell of it alone.</summary>
    Send,

    /// <summary>The end that receives.</summary>
    Receive,
}

/// <summary>A connection that NCCL made, one channel in one direction.</summary>
/// <param name="Channel">The channel's number.</param>
/// <param name="From">The rank that sends; null for the switch that reduces (CollNet).</param>
/// <param name="To">The rank that receives; null likewise.</param>
/// <param name="Detail">The transport as NCCL names it, for example <c>P2P/CUMEM</c> or <c>NET/IB/0/GDRDMA</c>.</param>
/// <param name="Direction">Which end told of it.</param>
/// <param name="ForSendRecv">
/// True where send and receive use it, false where collectives do or NCCL does not tell (SHM).
/// </param>
internal sealed record NcclConnection(
    int Channel, int? From, int? To, string Detail, NcclDirection Direction, bool ForSendRecv)
{
    /// <summary>The transport's short name: <c>P2P</c>, <c>SHM</c>, <c>NET</c> or <c>COLLNET</c>.</summary>
    public string Transport => Detail.Split('/')[0];
}
