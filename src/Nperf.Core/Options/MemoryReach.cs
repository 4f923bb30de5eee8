namespace Nperf.Core.Options;

/// <summary>How far the ranks of the host backend get into each other's memory.</summary>
public enum MemoryReach
{
    /// <summary>Not at all: bytes go over links.</summary>
    None,

    /// <summary>The kernel copies between the two processes (process_vm_readv(2), process_vm_writev(2)).</summary>
    Copies,

    /// <summary>It lies in this process too: ordinary loads and stores.</summary>
    Maps,
}
