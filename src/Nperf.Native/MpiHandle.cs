namespace Nperf.Native;

/// <summary>What MPI defines beforehand and calls take: <see cref="MpiHandles"/> has each library's value.</summary>
internal enum MpiHandle
{
    /// <summary>MPI_COMM_WORLD.</summary>
    CommWorld,

    /// <summary>MPI_COMM_NULL.</summary>
    CommNull,

    /// <summary>MPI_REQUEST_NULL.</summary>
    RequestNull,

    /// <summary>MPI_ERRORS_RETURN.</summary>
    ErrorsReturn,

    /// <summary>MPI_BYTE.</summary>
    Byte,

    /// <summary>MPI_INT8_T.</summary>
    Int8,

    /// <summary>MPI_UINT8_T.</summary>
    Uint8,

    /// <summary>MPI_INT32_T.</summary>
    Int32,

    /// <summary>MPI_UINT32_T.</summary>
    Uint32,

    /// <summary>MPI_INT64_T.</summary>
    Int64,

    /// <summary>MPI_UINT64_T.</summary>
    Uint64,

    /// <summary>MPI_FLOAT.</summary>
    Float,

    /// <summary>MPI_DOUBLE.</summary>
    Double,

    /// <summary>MPI_SUM.</summary>
    Sum,

    /// <summary>MPI_PROD.</summary>
    Prod,

    /// <summary>MPI_MAX.</summary>
    Max,

    /// <summary>MPI_MIN.</summary>
    Min,
}
