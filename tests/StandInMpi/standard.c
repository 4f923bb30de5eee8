// A libmpi_abi for tests: the standard's binary interface of MPI (MPI 5.0, chapter 20), as far as nperf calls it, on top of
// MPICH. Every handle, constant and status goes through it in the standard's form and comes out in MPICH's.
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// A handle of the standard; MPICH's is an int.
typedef void *handle;

struct status {
    int source, tag, error, internal[5];
};

struct mpich_status {
    int count_low, count_high, source, tag, error;
};

static const struct {
    uintptr_t standard;
    unsigned mpich;
} handles[] = {
    {0x100, 0x04000000}, {0x101, 0x44000000}, {0x180, 0x2c000000}, {0x143, 0x54000001}, {0x247, 0x4c00010d},
    {0x240, 0x4c000137}, {0x241, 0x4c00013b}, {0x250, 0x4c000439}, {0x251, 0x4c00043d}, {0x258, 0x4c00083a},
    {0x259, 0x4c00083e}, {0x210, 0x4c00040a}, {0x214, 0x4c00080b}, {0x21, 0x58000003},  {0x22, 0x58000002},
    {0x23, 0x58000001},  {0x24, 0x58000004},
};

static int in(handle standard) {
    for (size_t i = 0; i < sizeof(handles) / sizeof(handles[0]); i++)
        if (handles[i].standard == (uintptr_t)standard) return (int)handles[i].mpich;
    if ((uintptr_t)standard < 0x1000) {
        fprintf(stderr, "the handle %p is none that this library knows\n", standard);
        abort();
    }
    return (int)(uintptr_t)standard;
}

static handle out(int mpich) {
    for (size_t i = 0; i < sizeof(handles) / sizeof(handles[0]); i++)
        if (handles[i].mpich == (unsigned)mpich) return (handle)handles[i].standard;
    return (handle)(uintptr_t)(unsigned)mpich;
}

static void *buffer(const void *standard) { return standard == (void *)1 ? (void *)-1 : (void *)standard; }

static int source(int standard) { return standard == -1 ? -2 : standard; }

static int tag(int standard) { return standard == -2 ? -1 : standard; }

static void *find(const char *name) {
    static void *mpich;
    // By itself: what MPICH calls must not be found here.
    if (mpich == NULL) mpich = dlopen("libmpich.so.12", RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    void *found = mpich == NULL ? NULL : dlsym(mpich, name);
    if (found != NULL) return found;
    fprintf(stderr, "%s: %s\n", name, dlerror());
    abort();
}

#define MPICH(name, types) ((int(*) types)find(name))

// MPI_STATUS_IGNORE, in the standard a null pointer.
#define IGNORED ((void *)1)

int MPI_Abi_get_version(int *major, int *minor) {
    *major = 1;
    *minor = 0;
    return 0;
}

int MPI_Get_version(int *version, int *subversion) {
    *version = 5;
    *subversion = 0;
    return 0;
}

int MPI_Get_library_version(char *text, int *length) {
    return MPICH("MPI_Get_library_version", (char *, int *))(text, length);
}

int MPI_Error_string(int code, char *text, int *length) {
    return MPICH("MPI_Error_string", (int, char *, int *))(code, text, length);
}

int MPI_Initialized(int *flag) { return MPICH("MPI_Initialized", (int *))(flag); }

int MPI_Init_thread(int *count, char ***words, int required, int *provided) {
    int result = MPICH("MPI_Init_thread", (int *, char ***, int, int *))(
        count, words, required >= 4096 ? 3 : required / 1024, provided);
    *provided = *provided == 3 ? 4096 : *provided * 1024;
    return result;
}

int MPI_Finalize(void) { return MPICH("MPI_Finalize", (void))(); }

int MPI_Abort(handle comm, int code) { return MPICH("MPI_Abort", (int, int))(in(comm), code); }

int MPI_Comm_rank(handle comm, int *rank) { return MPICH("MPI_Comm_rank", (int, int *))(in(comm), rank); }

int MPI_Comm_size(handle comm, int *size) { return MPICH("MPI_Comm_size", (int, int *))(in(comm), size); }

int MPI_Comm_dup(handle comm, handle *duplicate) {
    int made;
    int result = MPICH("MPI_Comm_dup", (int, int *))(in(comm), &made);
    *duplicate = out(made);
    return result;
}

int MPI_Comm_split(handle comm, int color, int key, handle *part) {
    int made;
    int result = MPICH("MPI_Comm_split", (int, int, int, int *))(in(comm), color, key, &made);
    *part = out(made);
    return result;
}

int MPI_Comm_free(handle *comm) {
    int given = in(*comm);
    int result = MPICH("MPI_Comm_free", (int *))(&given);
    *comm = out(given);
    return result;
}

int MPI_Comm_set_errhandler(handle comm, handle errhandler) {
    return MPICH("MPI_Comm_set_errhandler", (int, int))(in(comm), in(errhandler));
}

int MPI_Send(const void *data, int count, handle type, int to, int with, handle comm) {
    return MPICH("MPI_Send", (void *, int, int, int, int, int))(buffer(data), count, in(type), to, with, in(comm));
}

int MPI_Recv(void *data, int count, handle type, int from, int with, handle comm, struct status *status) {
    (void)status;
    return MPICH("MPI_Recv", (void *, int, int, int, int, int, void *))(
        buffer(data), count, in(type), source(from), tag(with), in(comm), IGNORED);
}

int MPI_Isend(const void *data, int count, handle type, int to, int with, handle comm, handle *request) {
    int made;
    int result = MPICH("MPI_Isend", (void *, int, int, int, int, int, int *))(
        buffer(data), count, in(type), to, with, in(comm), &made);
    *request = out(made);
    return result;
}

int MPI_Irecv(void *data, int count, handle type, int from, int with, handle comm, handle *request) {
    int made;
    int result = MPICH("MPI_Irecv", (void *, int, int, int, int, int, int *))(
        buffer(data), count, in(type), source(from), tag(with), in(comm), &made);
    *request = out(made);
    return result;
}

int MPI_Sendrecv(const void *data, int count, handle type, int to, int with, void *taken, int taken_count, handle taken_type,
                 int from, int taken_with, handle comm, struct status *status) {
    (void)status;
    return MPICH("MPI_Sendrecv", (void *, int, int, int, int, void *, int, int, int, int, int, void *))(
        buffer(data), count, in(type), to, with, buffer(taken), taken_count, in(taken_type), source(from), tag(taken_with),
        in(comm), IGNORED);
}

int MPI_Test(handle *request, int *flag, struct status *status) {
    (void)status;
    int given = in(*request);
    int result = MPICH("MPI_Test", (int *, int *, void *))(&given, flag, IGNORED);
    *request = out(given);
    return result;
}

int MPI_Wait(handle *request, struct status *status) {
    (void)status;
    int given = in(*request);
    int result = MPICH("MPI_Wait", (int *, void *))(&given, IGNORED);
    *request = out(given);
    return result;
}

int MPI_Waitall(int count, handle *requests, struct status *statuses) {
    int result = 0;
    (void)statuses;
    for (int i = 0; i < count && result == 0; i++) result = MPI_Wait(&requests[i], NULL);
    return result;
}

int MPI_Iprobe(int from, int with, handle comm, int *flag, struct status *status) {
    struct mpich_status told = {0};
    int result = MPICH("MPI_Iprobe", (int, int, int, int *, struct mpich_status *))(
        source(from), tag(with), in(comm), flag, &told);
    if (status != NULL && *flag) {
        *status = (struct status){told.source, told.tag, told.error, {told.count_low, told.count_high}};
    }
    return result;
}

int MPI_Get_count(const struct status *status, handle type, int *count) {
    struct mpich_status told = {
        status->internal[0], status->internal[1], status->source, status->tag, status->error};
    return MPICH("MPI_Get_count", (struct mpich_status *, int, int *))(&told, in(type), count);
}

int MPI_Cancel(handle *request) {
    int given = in(*request);
    return MPICH("MPI_Cancel", (int *))(&given);
}

int MPI_Request_free(handle *request) {
    int given = in(*request);
    int result = MPICH("MPI_Request_free", (int *))(&given);
    *request = out(given);
    return result;
}

// A collective, and the same started only.
#define UNPACK(...) __VA_ARGS__
#define COLLECTIVE(name, started, parameters, types, arguments)                                                    \
    int MPI_##name(UNPACK parameters, handle comm) {                                                               \
        return MPICH("MPI_" #name, (UNPACK types, int))(UNPACK arguments, in(comm));                               \
    }                                                                                                              \
    int MPI_##started(UNPACK parameters, handle comm, handle *request) {                                           \
        int made;                                                                                                  \
        int result = MPICH("MPI_" #started, (UNPACK types, int, int *))(UNPACK arguments, in(comm), &made);        \
        *request = out(made);                                                                                      \
        return result;                                                                                             \
    }

int MPI_Barrier(handle comm) { return MPICH("MPI_Barrier", (int))(in(comm)); }

int MPI_Ibarrier(handle comm, handle *request) {
    int made;
    int result = MPICH("MPI_Ibarrier", (int, int *))(in(comm), &made);
    *request = out(made);
    return result;
}

COLLECTIVE(Bcast, Ibcast, (void *data, int count, handle type, int root), (void *, int, int, int),
           (data, count, in(type), root))
COLLECTIVE(Reduce, Ireduce, (const void *data, void *result_, int count, handle type, handle op, int root),
           (void *, void *, int, int, int, int), (buffer(data), buffer(result_), count, in(type), in(op), root))
COLLECTIVE(Allreduce, Iallreduce, (const void *data, void *result_, int count, handle type, handle op),
           (void *, void *, int, int, int), (buffer(data), buffer(result_), count, in(type), in(op)))
COLLECTIVE(Reduce_scatter_block, Ireduce_scatter_block,
           (const void *data, void *result_, int count, handle type, handle op), (void *, void *, int, int, int),
           (buffer(data), buffer(result_), count, in(type), in(op)))
COLLECTIVE(Allgather, Iallgather,
           (const void *data, int count, handle type, void *taken, int taken_count, handle taken_type),
           (void *, int, int, void *, int, int),
           (buffer(data), count, in(type), buffer(taken), taken_count, in(taken_type)))
COLLECTIVE(Gather, Igather,
           (const void *data, int count, handle type, void *taken, int taken_count, handle taken_type, int root),
           (void *, int, int, void *, int, int, int),
           (buffer(data), count, in(type), buffer(taken), taken_count, in(taken_type), root))
COLLECTIVE(Scatter, Iscatter,
           (const void *data, int count, handle type, void *taken, int taken_count, handle taken_type, int root),
           (void *, int, int, void *, int, int, int),
           (buffer(data), count, in(type), buffer(taken), taken_count, in(taken_type), root))
COLLECTIVE(Alltoall, Ialltoall,
           (const void *data, int count, handle type, void *taken, int taken_count, handle taken_type),
           (void *, int, int, void *, int, int),
           (buffer(data), count, in(type), buffer(taken), taken_count, in(taken_type)))
COLLECTIVE(Alltoallv, Ialltoallv,
           (const void *data, const int *counts, const int *offsets, handle type, void *taken, const int *taken_counts,
            const int *taken_offsets, handle taken_type),
           (void *, const int *, const int *, int, void *, const int *, const int *, int),
           (buffer(data), counts, offsets, in(type), buffer(taken), taken_counts, taken_offsets, in(taken_type)))
