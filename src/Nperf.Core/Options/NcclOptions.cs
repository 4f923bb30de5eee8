namespace Nperf.Core.Options;

/// <summary>How the backend is told of the buffers before they are used.</summary>
public enum Registration
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Each rank's own: ncclCommRegister. NCCL's alone.</summary>
    Local,

    /// <summary>
    /// As windows at the same place on every rank: ncclCommWindowRegister; on the host backend in shared memory, which the other
    /// ranks of the host map.
    /// </summary>
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
