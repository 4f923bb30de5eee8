namespace Nperf.Native;

/// <summary>How a communicator is to be; what is null is left to NCCL.</summary>
internal sealed record NcclConfig
{
    /// <summary>NCCL_CTA_POLICY_DEFAULT: blocks on the GPU are spent on speed.</summary>
    public const int DefaultPolicy = 0;

    /// <summary>NCCL_CTA_POLICY_EFFICIENCY: as few blocks as keep the speed.</summary>
    public const int EfficiencyPolicy = 1;

    /// <summary>NCCL_CTA_POLICY_ZERO: none where the copy engines can do it. Since 2.28.</summary>
    public const int ZeroPolicy = 2;

    /// <summary>Whether calls return when they are done, not with <see cref="NcclStatus.InProgress"/>.</summary>
    public bool Blocking { get; init; } = true;

    /// <summary>One of the policies above. Since 2.27.</summary>
    public int? CtaPolicy { get; init; }

    /// <summary>The least number of blocks on the GPU, which is that of channels. Since 2.17.</summary>
    public int? MinCtas { get; init; }

    /// <summary>The greatest number of blocks on the GPU, which is that of channels. Since 2.17.</summary>
    public int? MaxCtas { get; init; }
}
