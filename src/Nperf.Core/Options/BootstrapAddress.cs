namespace Nperf.Core.Options;

/// <summary>Where NCCL's own bootstrap listens, on the machine of rank 0: what NCCL_COMM_ID says.</summary>
/// <param name="Host">A name or an address, without brackets.</param>
/// <param name="Port">NCCL's TCP port. nperf's control connections have another.</param>
internal sealed record BootstrapAddress(string Host, int Port)
{
    /// <summary>The variable that NCCL reads it from.</summary>
    public const string Variable = "NCCL_COMM_ID";

    /// <summary>As NCCL reads it: <c>node1:5200</c>, <c>[fd00::1]:5200</c>.</summary>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
