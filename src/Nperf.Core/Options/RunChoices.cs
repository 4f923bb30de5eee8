namespace Nperf.Core.Options;

/// <summary>Which library carries the collectives.</summary>
public enum Backend
{
    /// <summary>NCCL where every process has it and a GPU for each rank, else the host backend.</summary>
    Auto,

    /// <summary>NCCL, on GPUs.</summary>
    Nccl,

    /// <summary>nperf's own collectives on CPU memory.</summary>
    Host,

    /// <summary>Those of an MPI library on CPU memory, between processes that MPI started.</summary>
    Mpi,
}

/// <summary>What the ranks do with each other.</summary>
public enum RunPattern
{
    /// <summary>The operations that were named, all ranks together.</summary>
    Collectives,

    /// <summary>Every pair of ranks by itself.</summary>
    Pairs,

    /// <summary>The same, and from there to the ranks that slow the others.</summary>
    FindSlow,
}

/// <summary>How the host backend moves data between two ranks.</summary>
public enum Transport
{
    /// <summary>Memory within a process, shared memory within a host, TCP between hosts.</summary>
    Auto,

    /// <summary>The memory of one process.</summary>
    Memory,

    /// <summary>Shared memory of one host.</summary>
    Shm,

    /// <summary>TCP, also within a host.</summary>
    Tcp,
}

/// <summary>What a rank of the host backend does until its peers have come as far.</summary>
public enum WaitMode
{
    /// <summary>Spins and then yields where every rank of the machine has a processor, else yields at once.</summary>
    Auto,

    /// <summary>Looks again and again, and never lets go of its processor.</summary>
    Spin,

    /// <summary>Offers its processor to others after each look.</summary>
    Yield,

    /// <summary>Sleeps in the kernel until there is something to do.</summary>
    Block,
}

/// <summary>What follows each operation before the next is started.</summary>
public enum SyncMode
{
    /// <summary>Nothing: operations are started back to back.</summary>
    None,

    /// <summary>A wait until it is done.</summary>
    Op,

    /// <summary>That, and a barrier of all ranks over the control connection.</summary>
    Barrier,
}

/// <summary>How often results are checked.</summary>
public enum VerifyMode
{
    /// <summary>Never.</summary>
    None,

    /// <summary>Once a size, outside the timed part.</summary>
    Once,

    /// <summary>After every timed iteration.</summary>
    Each,
}

/// <summary>Whether a rank's send and receive buffer are one.</summary>
public enum InPlaceMode
{
    /// <summary>They are apart.</summary>
    No,

    /// <summary>They are one.</summary>
    Yes,

    /// <summary>Apart first, then as one, for the operations that can.</summary>
    Both,
}
