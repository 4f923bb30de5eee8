namespace Nperf.Native;

/// <summary>ncclResult_t: what a call returns.</summary>
internal enum NcclStatus
{
    /// <summary>Done, or enqueued.</summary>
    Success = 0,

    /// <summary>A call into CUDA failed.</summary>
    UnhandledCudaError = 1,

    /// <summary>A call into the system failed.</summary>
    SystemError = 2,

    /// <summary>NCCL's own fault.</summary>
    InternalError = 3,

    /// <summary>An argument has no meaning.</summary>
    InvalidArgument = 4,

    /// <summary>A call has no meaning here.</summary>
    InvalidUsage = 5,

    /// <summary>Another rank is lost. Since 2.13.</summary>
    RemoteError = 6,

    /// <summary>A communicator that does not block is not done yet: no error. Since 2.14.</summary>
    InProgress = 7,

    /// <summary>A wait was given up. Since 2.30.</summary>
    Timeout = 8,
}

/// <summary>ncclDataType_t: the type of an element.</summary>
internal enum NcclType
{
    /// <summary>8 bits, signed.</summary>
    Int8 = 0,

    /// <summary>8 bits, unsigned.</summary>
    Uint8 = 1,

    /// <summary>32 bits, signed.</summary>
    Int32 = 2,

    /// <summary>32 bits, unsigned.</summary>
    Uint32 = 3,

    /// <summary>64 bits, signed.</summary>
    Int64 = 4,

    /// <summary>64 bits, unsigned.</summary>
    Uint64 = 5,

    /// <summary>Half precision.</summary>
    Float16 = 6,

    /// <summary>Single precision.</summary>
    Float32 = 7,

    /// <summary>Double precision.</summary>
    Float64 = 8,

    /// <summary>The upper half of single precision.</summary>
    Bfloat16 = 9,

    /// <summary>8 bits, 4 of exponent. Since 2.24.</summary>
    Float8e4m3 = 10,

    /// <summary>8 bits, 5 of exponent. Since 2.24.</summary>
    Float8e5m2 = 11,
}

/// <summary>ncclRedOp_t: how elements are combined.</summary>
internal enum NcclReduction
{
    /// <summary>Their sum.</summary>
    Sum = 0,

    /// <summary>Their product.</summary>
    Prod = 1,

    /// <summary>The greatest.</summary>
    Max = 2,

    /// <summary>The least.</summary>
    Min = 3,

    /// <summary>Their sum, divided by the world's size.</summary>
    Avg = 4,
}
