namespace Nperf.Native;

/// <summary>A binary interface of MPI: what handles and constants are, and how large a status is.</summary>
internal enum MpiFlavor
{
    /// <summary>Open MPI's: handles are addresses of the library's variables.</summary>
    OpenMpi,

    /// <summary>MPICH's, which Intel MPI, MVAPICH and Cray MPICH share: handles are 32-bit numbers.</summary>
    Mpich,

    /// <summary>That of the standard, since MPI 5.0: handles are small numbers in the place of addresses.</summary>
    Standard,
}
