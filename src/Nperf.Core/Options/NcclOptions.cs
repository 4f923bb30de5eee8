namespace Nperf.Core.Options;

/// <summary>How NCCL is told of the buffers before they are used.</summary>
public enum Registration
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Each rank's own: ncclCommRegister.</summary>
    Local,

    /// <summary>As windows at the same place on every rank: ncclCommWindowRegister.</summary>
    Symmetric,
}

/// <summary>How many of the GPU's multiprocessors NCCL takes (<c>CTAPolicy</c> of its configuration).</summary>
public enum CtaPolicy
{
    /// <summary>What NCCL holds for the fastest.</summary>
    Default,

    /// <summary>Few, to leave them to others.</summary>
    Efficiency,

    /// <summary>None, where copy engines can do the work.</summary>
    Zero,
}
