namespace Nperf.Native;

/// <summary>How a communicator is to be; what is null is left to NCCL.</summary>
internal sealed record NcclConfig
{
    /// <summary>Whether calls return when they are done, not with <see cref="NcclStatus.InProgress"/>.</summary>
    public bool Blocking { get; init; } = true;

    /// <summary>What blocks on the GPU are to be spent on: NCCL_CTA_POLICY_… (nccl.h), 0 to 2. Since 2.27.</summary>
    public int? CtaPolicy { get; init; }

    /// <summary>The least number of blocks on the GPU, which is that of channels. Since 2.17.</summary>
    public int? MinCtas { get; init; }

    /// <summary>The greatest number of blocks on the GPU, which is that of channels. Since 2.17.</summary>
    public int? MaxCtas { get; init; }
}
