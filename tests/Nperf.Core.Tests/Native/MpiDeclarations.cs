using Nperf.Native;

namespace Nperf.Core.Tests.Native;

/// <summary>What mpi.h says of the functions that <see cref="Mpi"/> uses, whichever library it is of.</summary>
internal static class MpiDeclarations
{
    private const string TwoBuffers = "const void *, void *, int, MPI_Datatype";
    private const string GivenAndTaken = "const void *, int, MPI_Datatype, void *, int, MPI_Datatype";
    private const string CountsAndOffsets = "const int *, const int *, MPI_Datatype";

    /// <summary>Collectives by their field and name, with their parameters up to the communicator.</summary>
    private static readonly (string Field, string Name, string Parameters)[] Collectives =
    [
        ("barrier", "barrier", ""),
        ("bcast", "bcast", "void *, int, MPI_Datatype, int, "),
        ("reduce", "reduce", $"{TwoBuffers}, MPI_Op, int, "),
        ("allreduce", "allreduce", $"{TwoBuffers}, MPI_Op, "),
        ("reduceScatterBlock", "reduce_scatter_block", $"{TwoBuffers}, MPI_Op, "),
        ("allgather", "allgather", $"{GivenAndTaken}, "),
        ("gather", "gather", $"{GivenAndTaken}, int, "),
        ("scatter", "scatter", $"{GivenAndTaken}, int, "),
        ("alltoall", "alltoall", $"{GivenAndTaken}, "),
        ("alltoallv", "alltoallv", $"const void *, {CountsAndOffsets}, void *, {CountsAndOffsets}, "),
    ];

    /// <summary>Of every version of MPI since 3.0.</summary>
    public static readonly Declaration[] Functions =
    [
        new("_getLibraryVersion", "int MPI_Get_library_version(char *, int *)"),
        new("_getVersion", "int MPI_Get_version(int *, int *)"),
        new("_errorString", "int MPI_Error_string(int, char *, int *)"),
        new("_initialized", "int MPI_Initialized(int *)"),
        new("_initThread", "int MPI_Init_thread(int *, char ***, int, int *)"),
        new("_finalize", "int MPI_Finalize()"),
        new("_abort", "int MPI_Abort(MPI_Comm, int)"),
        new("_commRank", "int MPI_Comm_rank(MPI_Comm, int *)"),
        new("_commSize", "int MPI_Comm_size(MPI_Comm, int *)"),
        new("_commDup", "int MPI_Comm_dup(MPI_Comm, MPI_Comm *)"),
        new("_commSplit", "int MPI_Comm_split(MPI_Comm, int, int, MPI_Comm *)"),
        new("_commFree", "int MPI_Comm_free(MPI_Comm *)"),
        new("_commSetErrhandler", "int MPI_Comm_set_errhandler(MPI_Comm, MPI_Errhandler)"),
        new("_send", "int MPI_Send(const void *, int, MPI_Datatype, int, int, MPI_Comm)"),
        new("_recv", "int MPI_Recv(void *, int, MPI_Datatype, int, int, MPI_Comm, MPI_Status *)"),
        new("_isend", "int MPI_Isend(const void *, int, MPI_Datatype, int, int, MPI_Comm, MPI_Request *)"),
        new("_irecv", "int MPI_Irecv(void *, int, MPI_Datatype, int, int, MPI_Comm, MPI_Request *)"),
        new(
            "_sendrecv",
            "int MPI_Sendrecv(const void *, int, MPI_Datatype, int, int, void *, int, MPI_Datatype, int, int, MPI_Comm, MPI_Status *)"),
        new("_test", "int MPI_Test(MPI_Request *, int *, MPI_Status *)"),
        new("_wait", "int MPI_Wait(MPI_Request *, MPI_Status *)"),
        new("_waitall", "int MPI_Waitall(int, MPI_Request *, MPI_Status *)"),
        new("_iprobe", "int MPI_Iprobe(int, int, MPI_Comm, int *, MPI_Status *)"),
        new("_getCount", "int MPI_Get_count(const MPI_Status *, MPI_Datatype, int *)"),
        new("_cancel", "int MPI_Cancel(MPI_Request *)"),
        new("_requestFree", "int MPI_Request_free(MPI_Request *)"),
        .. Collectives.Select(row => new Declaration(
            $"_{row.Field}", $"int MPI_{char.ToUpperInvariant(row.Name[0])}{row.Name[1..]}({row.Parameters}MPI_Comm)")),
        .. Collectives.Select(row => new Declaration(
            $"_i{row.Field}", $"int MPI_I{row.Name}({row.Parameters}MPI_Comm, MPI_Request *)")),
    ];

    /// <summary>Of MPI 5.0.</summary>
    public static readonly Declaration AbiVersion = new("_abiGetVersion", "int MPI_Abi_get_version(int *, int *)");

    /// <summary>The constants of a library as its header names them.</summary>
    public static IEnumerable<(string Name, long Value)> Numbers(MpiHandles handles) =>
    [
        ("(long)MPI_IN_PLACE", handles.InPlace),
        ("(long)MPI_STATUS_IGNORE", handles.StatusIgnore),
        ("(long)MPI_STATUSES_IGNORE", handles.StatusIgnore),
        ("offsetof(MPI_Status, MPI_SOURCE)", handles.SourceOffset),
        ("offsetof(MPI_Status, MPI_TAG)", handles.SourceOffset + sizeof(int)),
        ("offsetof(MPI_Status, MPI_ERROR)", handles.SourceOffset + (2 * sizeof(int))),
        ("sizeof(MPI_Status)", handles.StatusBytes),
        ("MPI_ANY_SOURCE", handles.AnySource),
        ("MPI_ANY_TAG", handles.AnyTag),
        ("MPI_UNDEFINED", MpiHandles.Undefined),
        ("MPI_THREAD_SERIALIZED", handles.ThreadSerialized),
        ("MPI_THREAD_MULTIPLE", handles.ThreadMultiple),
    ];
}
