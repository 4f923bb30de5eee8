namespace Nperf.Native;

/// <summary>The values of handles and constants in one MPI library.</summary>
internal sealed class MpiHandles
{
    /// <summary>
    /// What mpi.h has, a row a handle in the order of <see cref="MpiHandle"/>: its name, Open MPI's variable, MPICH's number
    /// and the standard's (MPI 5.0, 20.3).
    /// </summary>
    internal static readonly (string Name, string Variable, uint Mpich, uint Standard)[] Rows =
    [
        ("MPI_COMM_WORLD", "ompi_mpi_comm_world", 0x44000000, 0x101),
        ("MPI_COMM_NULL", "ompi_mpi_comm_null", 0x04000000, 0x100),
        ("MPI_REQUEST_NULL", "ompi_request_null", 0x2c000000, 0x180),
        ("MPI_ERRORS_RETURN", "ompi_mpi_errors_return", 0x54000001, 0x143),
        ("MPI_BYTE", "ompi_mpi_byte", 0x4c00010d, 0x247),
        ("MPI_INT8_T", "ompi_mpi_int8_t", 0x4c000137, 0x240),
        ("MPI_UINT8_T", "ompi_mpi_uint8_t", 0x4c00013b, 0x241),
        ("MPI_INT32_T", "ompi_mpi_int32_t", 0x4c000439, 0x250),
        ("MPI_UINT32_T", "ompi_mpi_uint32_t", 0x4c00043d, 0x251),
        ("MPI_INT64_T", "ompi_mpi_int64_t", 0x4c00083a, 0x258),
        ("MPI_UINT64_T", "ompi_mpi_uint64_t", 0x4c00083e, 0x259),
        ("MPI_FLOAT", "ompi_mpi_float", 0x4c00040a, 0x210),
        ("MPI_DOUBLE", "ompi_mpi_double", 0x4c00080b, 0x214),
        ("MPI_SUM", "ompi_mpi_op_sum", 0x58000003, 0x21),
        ("MPI_PROD", "ompi_mpi_op_prod", 0x58000004, 0x24),
        ("MPI_MAX", "ompi_mpi_op_max", 0x58000001, 0x23),
        ("MPI_MIN", "ompi_mpi_op_min", 0x58000002, 0x22),
    ];

    private readonly nuint[] _values;

    private MpiHandles(IEnumerable<nuint> values) => _values = [.. values];

    /// <summary>The value of <paramref name="handle"/>.</summary>
    public nuint this[MpiHandle handle] => _values[(int)handle];

    /// <summary>MPI_IN_PLACE, in the place of a buffer.</summary>
    public nint InPlace { get; private init; }

    /// <summary>MPI_STATUS_IGNORE and MPI_STATUSES_IGNORE, in the place of a status.</summary>
    public nint StatusIgnore { get; private init; }

    /// <summary>Where in a status MPI_SOURCE is, in bytes; MPI_TAG and MPI_ERROR follow.</summary>
    public int SourceOffset { get; private init; }

    /// <summary>The size of a status, in bytes.</summary>
    public int StatusBytes { get; private init; }

    /// <summary>MPI_ANY_SOURCE.</summary>
    public int AnySource { get; private init; }

    /// <summary>MPI_ANY_TAG.</summary>
    public int AnyTag { get; private init; }

    /// <summary>MPI_THREAD_SERIALIZED: any thread may call, one at a time.</summary>
    public int ThreadSerialized { get; private init; }

    /// <summary>MPI_THREAD_MULTIPLE: any thread may call at any time.</summary>
    public int ThreadMultiple { get; private init; }

    /// <summary>MPI_UNDEFINED: the colour of who takes no part.</summary>
    public const int Undefined = -32766;

    /// <summary>Those of <paramref name="library"/>, which has <paramref name="flavor"/>.</summary>
    /// <exception cref="LibraryException">A variable is missing.</exception>
    public static MpiHandles Of(MpiFlavor flavor, DynamicLibrary library) => flavor switch
    {
        MpiFlavor.OpenMpi => new MpiHandles(Rows.Select(row => (nuint)library.Symbol(row.Variable)))
        {
            InPlace = 1,
            StatusIgnore = 0,
            SourceOffset = 0,
            StatusBytes = 24,
            AnySource = -1,
            AnyTag = -1,
            ThreadSerialized = 2,
            ThreadMultiple = 3,
        },
        MpiFlavor.Mpich => new MpiHandles(Rows.Select(row => (nuint)row.Mpich))
        {
            InPlace = -1,
            StatusIgnore = 1,
            SourceOffset = 8,
            StatusBytes = 20,
            AnySource = -2,
            AnyTag = -1,
            ThreadSerialized = 2,
            ThreadMultiple = 3,
        },
        _ => new MpiHandles(Rows.Select(row => (nuint)row.Standard))
        {
            InPlace = 1,
            StatusIgnore = 0,
            SourceOffset = 0,
            StatusBytes = 32,
            AnySource = -1,
            AnyTag = -2,
            ThreadSerialized = 2048,
            ThreadMultiple = 4096,
        },
    };
}
