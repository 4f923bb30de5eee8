/* Communicators: from their making to their end. */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "nccl_parts.h"

/* How often a communicator that is not blocking says "in progress" after each call. */
enum { POLLS = 2 };

static int validity(ncclComm_t comm) {
    if (comm && comm->magic == COMM_MAGIC) return NCCL_SUCCESS;
    REFUSE(NCCL_INVALID_ARGUMENT, "the communicator is none, or is no more");
}

int comm_rank(ncclComm_t comm) { return comm && comm->magic == COMM_MAGIC ? comm->rank : -1; }

int comm_status(ncclComm_t comm) {
    int status = validity(comm);
    if (status) return status;
    if (atomic_load(&comm->joining) || atomic_load(&comm->polls) > 0)
        REFUSE(NCCL_INVALID_ARGUMENT, "Attempt to use a communicator whose last call is still in progress");
    return atomic_load(&comm->status);
}

int comm_done(ncclComm_t comm) {
    if (comm->blocking) return NCCL_SUCCESS;
    atomic_store(&comm->polls, POLLS);
    return NCCL_IN_PROGRESS;
}

void comm_fail(ncclComm_t comm, int status) {
    int expected = NCCL_SUCCESS;
    atomic_compare_exchange_strong(&comm->status, &expected, status);
}

static void *join(void *argument) {
    ncclComm_t comm = argument;
    use_device(comm->device);
    int status = comm_join(comm);
    if (status) comm_fail(comm, status);
    atomic_store(&comm->joining, false);
    return NULL;
}

static void *hang(void *nothing) {
    (void)nothing;
    sleep_forever();
}

static int start(void *(*what)(void *), ncclComm_t comm) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, what, comm) != 0) return NCCL_SYSTEM_ERROR;
    pthread_detach(thread);
    return NCCL_SUCCESS;
}

static int init(ncclComm_t *handle, int ranks, const UniqueId *id, int rank, bool blocking) {
    if (ranks < 1 || ranks > MAX_RANKS || rank < 0 || rank >= ranks)
        REFUSE(NCCL_INVALID_ARGUMENT, "there is no rank %d of %d", rank, ranks);
    if (driver_status()) REFUSE(NCCL_UNHANDLED_CUDA_ERROR, "stand-in: the CUDA driver was not initialised");
    nccl_log_version();
    int root = -1, status = choice_check_variables();
    if (!status) status = bootstrap_check();
    if (!status && rank == 0 && bootstrap_is_set()) status = bootstrap_listen(id, &root);
    if (status) return status;

    ncclComm_t comm = calloc(1, sizeof *comm);
    comm->magic = COMM_MAGIC;
    comm->rank = rank;
    comm->ranks = ranks;
    comm->device = current_device() < 0 ? 0 : current_device();
    comm->blocking = blocking;
    comm->id = *id;
    comm->root = root;
    *handle = comm;
    report("init", "rank %d of %d on GPU %d", rank, ranks, physical_index(comm->device));

    if (blocking && !group_open()) {
        if (call_hangs) sleep_forever();
        return comm_join(comm);
    }
    atomic_store(&comm->joining, true);
    status = start(call_hangs ? hang : join, comm);
    if (status) return status;
    if (group_open()) group_add_join(comm);
    return group_open() ? NCCL_SUCCESS : NCCL_IN_PROGRESS;
}

/* As NCCL_CALL; told to hang, it is the joining that does. */
#define INITIALISATION(RANK)                                                                                           \
    static Call call_ = {.symbol = __func__, .enqueues = true};                                                        \
    do {                                                                                                               \
        nccl_first_call();                                                                                             \
        int told_ = call_begin(&call_, RANK);                                                                          \
        if (told_) return told_;                                                                                       \
    } while (0)

EXPORT int ncclCommInitRank(ncclComm_t *comm, int ranks, UniqueId id, int rank) {
    INITIALISATION(rank);
    return init(comm, ranks, &id, rank, true);
}

EXPORT int ncclCommInitRankConfig(ncclComm_t *comm, int ranks, UniqueId id, int rank, Config *config) {
    INITIALISATION(rank);
    bool blocking;
    int status = config_read(config, &blocking);
    return status ? status : init(comm, ranks, &id, rank, blocking);
}

EXPORT int ncclCommFinalize(ncclComm_t comm) {
    NCCL_CALL(comm_rank(comm));
    int status = comm_status(comm);
    if (status) return status;
    if (comm->finalized) REFUSE(NCCL_INVALID_ARGUMENT, "the communicator was finalised before");
    comm->finalized = true;
    return comm_done(comm);
}

/* Waits for what is on streams; nothing is unmapped that a thread may still look at. */
EXPORT int ncclCommDestroy(ncclComm_t comm) {
    NCCL_CALL(comm_rank(comm));
    if (!comm) return NCCL_SUCCESS;
    int status = comm_status(comm);
    if (status && status == NCCL_INVALID_ARGUMENT) return status;
    int64_t end = now() + (int64_t)(settings()->timeout * 1e9);
    for (int tries = 0; atomic_load(&comm->unfinished) > 0; tries++) {
        if (now() > end) REFUSE(NCCL_INTERNAL_ERROR, "stand-in: destroyed with operations that do not end");
        if (tries < 1000) sched_yield();
        else nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    }
    atomic_store(&comm->aborted, true);
    comm->magic = 0;
    comm_leave(comm);
    report_calls();
    return NCCL_SUCCESS;
}

EXPORT int ncclCommAbort(ncclComm_t comm) {
    NCCL_CALL(comm_rank(comm));
    if (!comm) return NCCL_SUCCESS;
    int status = validity(comm);
    if (status) return status;
    atomic_store(&comm->aborted, true);
    comm->magic = 0;
    report_calls();
    return NCCL_SUCCESS;
}

EXPORT int ncclCommGetAsyncError(ncclComm_t comm, int *status) {
    NCCL_CALL(comm_rank(comm));
    int valid = validity(comm);
    if (valid) return valid;
    *status = atomic_load(&comm->status);
    if (atomic_load(&comm->joining)) *status = NCCL_IN_PROGRESS;
    else if (*status == NCCL_SUCCESS && atomic_load(&comm->polls) > 0) {
        atomic_fetch_sub(&comm->polls, 1);
        *status = NCCL_IN_PROGRESS;
    }
    return NCCL_SUCCESS;
}

EXPORT int ncclCommCount(ncclComm_t comm, int *count) {
    NCCL_CALL(comm_rank(comm));
    int status = comm_status(comm);
    if (!status) *count = comm->ranks;
    return status;
}

EXPORT int ncclCommCuDevice(ncclComm_t comm, int *device) {
    NCCL_CALL(comm_rank(comm));
    int status = comm_status(comm);
    if (!status) *device = comm->device;
    return status;
}

EXPORT int ncclCommUserRank(ncclComm_t comm, int *rank) {
    NCCL_CALL(comm_rank(comm));
    int status = comm_status(comm);
    if (!status) *rank = comm->rank;
    return status;
}
