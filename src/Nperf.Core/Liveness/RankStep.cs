namespace Nperf.Core.Liveness;

/// <summary>What a rank is at. The numbers are those of docs/protocol.md.</summary>
internal enum RankStep : byte
{
    /// <summary>The processes find each other.</summary>
    Joining = 0,

    /// <summary>The ranks are connected to each other.</summary>
    Connecting = 1,

    /// <summary>NCCL: the GPU is taken.</summary>
    TakingGpu = 2,

    /// <summary>NCCL: the communicator is made; it takes every rank.</summary>
    StartingNccl = 3,

    /// <summary>Memory for the buffers.</summary>
    Allocating = 4,

    /// <summary>NCCL: each call for the first time.</summary>
    Studying = 5,

    /// <summary>The pattern into the buffers.</summary>
    Filling = 6,

    /// <summary>An operation whose result is checked.</summary>
    Verifying = 7,

    /// <summary>The check of its result.</summary>
    Checking = 8,

    /// <summary>Iterations before the timed ones.</summary>
    WarmingUp = 9,

    /// <summary>The timed loop.</summary>
    Timing = 10,

    /// <summary>Every rank's times to rank 0.</summary>
    Exchanging = 11,

    /// <summary>Rows of the table, or lines about the run.</summary>
    Writing = 12,

    /// <summary>The end of the communicator.</summary>
    Releasing = 13,
}
