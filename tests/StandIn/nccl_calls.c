/* The calls that communicate: they check what they are given and queue it. */
#include "nccl_parts.h"

/* As NCCL_CALL; a hang that is told leaves the call alone and holds up the stream. */
#define COMMUNICATION(COMM)                                                                                            \
    static Call call_ = {.symbol = __func__, .enqueues = true};                                                        \
    do {                                                                                                               \
        nccl_first_call();                                                                                             \
        int told_ = call_begin(&call_, comm_rank(COMM));                                                               \
        if (told_) return told_;                                                                                       \
    } while (0)

static int check_buffer(const char *name, const void *buffer, size_t count, size_t blocks, int type) {
    size_t bytes = count * blocks * type_size(type);
    if (device_holds(buffer, bytes, NULL)) return NCCL_SUCCESS;
    REFUSE(NCCL_INVALID_ARGUMENT, "stand-in: the %s buffer has not %zu bytes of a GPU", name, bytes);
}

static int check_buffers(const Task *task) {
    size_t ranks = (size_t)task->comm->ranks, out = 1, in = 1;
    bool root = task->peer == task->comm->rank;
    switch (task->kind) {
        case REDUCE_SCATTER: out = ranks; break;
        case ALL_GATHER: in = ranks; break;
        case ALL_TO_ALL: out = in = ranks; break;
        case REDUCE: in = root; break;
        case BROADCAST: out = root; break;
        case GATHER: in = root ? ranks : 0; break;
        case SCATTER: out = root ? ranks : 0; break;
        case SEND: in = 0; break;
        case RECEIVE: out = 0; break;
        default: break;
    }
    int status = out ? check_buffer("send", task->send, task->count, out, task->type) : NCCL_SUCCESS;
    if (!status && in) status = check_buffer("receive", task->receive, task->count, in, task->type);
    return status;
}

static int add(Task task, CUstream stream) {
    int status = comm_status(task.comm);
    if (status) return status;
    int types = settings()->nccl >= 22400 ? NCCL_TYPES : NCCL_FLOAT8E4M3;
    if (task.type < 0 || task.type >= types) REFUSE(NCCL_INVALID_ARGUMENT, "there is no data type %d", task.type);
    if (task.reduction < 0 || task.reduction >= NCCL_REDUCTIONS)
        REFUSE(NCCL_INVALID_ARGUMENT, "there is no reduction %d", task.reduction);
    if (task.peer < 0 || task.peer >= task.comm->ranks)
        REFUSE(NCCL_INVALID_ARGUMENT, "there is no rank %d", task.peer);
    if (task.count == 0 && !call_hangs) return NCCL_SUCCESS;
    status = check_buffers(&task);
    if (status) return status;
    task.hang = call_hangs;
    status = choose(&task);
    return status ? status : group_add(&task, stream);
}

EXPORT int ncclAllReduce(
    const void *send, void *receive, size_t count, int type, int reduction, ncclComm_t comm, CUstream stream) {
    COMMUNICATION(comm);
    return add((Task){.kind = ALL_REDUCE, .comm = comm, .send = send, .receive = receive, .count = count, .type = type,
                      .reduction = reduction}, stream);
}

EXPORT int ncclReduceScatter(
    const void *send, void *receive, size_t count, int type, int reduction, ncclComm_t comm, CUstream stream) {
    COMMUNICATION(comm);
    return add((Task){.kind = REDUCE_SCATTER, .comm = comm, .send = send, .receive = receive, .count = count,
                      .type = type, .reduction = reduction}, stream);
}

EXPORT int ncclReduce(
    const void *send, void *receive, size_t count, int type, int reduction, int root, ncclComm_t comm,
    CUstream stream) {
    COMMUNICATION(comm);
    return add((Task){.kind = REDUCE, .comm = comm, .send = send, .receive = receive, .count = count, .type = type,
                      .reduction = reduction, .peer = root}, stream);
}

EXPORT int ncclAllGather(
    const void *send, void *receive, size_t count, int type, ncclComm_t comm, CUstream stream) {
    COMMUNICATION(comm);
    return add((Task){.kind = ALL_GATHER, .comm = comm, .send = send, .receive = receive, .count = count,
                      .type = type}, stream);
}

EXPORT int ncclBroadcast(
    const void *send, void *receive, size_t count, int type, int root, ncclComm_t comm, CUstream stream) {
    COMMUNICATION(comm);
    return add((Task){.kind = BROADCAST, .comm = comm, .send = send, .receive = receive, .count = count, .type = type,
                      .peer = root}, stream);
}

EXPORT int ncclSend(const void *send, size_t count, int type, int peer, ncclComm_t comm, CUstream stream) {
    COMMUNICATION(comm);
    return add((Task){.kind = SEND, .comm = comm, .send = send, .count = count, .type = type, .peer = peer}, stream);
}

EXPORT int ncclRecv(void *receive, size_t count, int type, int peer, ncclComm_t comm, CUstream stream) {
    COMMUNICATION(comm);
    return add((Task){.kind = RECEIVE, .comm = comm, .receive = receive, .count = count, .type = type, .peer = peer},
               stream);
}

#if NCCL_MINOR >= 28
EXPORT int ncclAlltoAll(const void *send, void *receive, size_t count, int type, ncclComm_t comm, CUstream stream) {
    COMMUNICATION(comm);
    return add((Task){.kind = ALL_TO_ALL, .comm = comm, .send = send, .receive = receive, .count = count,
                      .type = type}, stream);
}

EXPORT int ncclGather(
    const void *send, void *receive, size_t count, int type, int root, ncclComm_t comm, CUstream stream) {
    COMMUNICATION(comm);
    return add((Task){.kind = GATHER, .comm = comm, .send = send, .receive = receive, .count = count, .type = type,
                      .peer = root}, stream);
}

EXPORT int ncclScatter(
    const void *send, void *receive, size_t count, int type, int root, ncclComm_t comm, CUstream stream) {
    COMMUNICATION(comm);
    return add((Task){.kind = SCATTER, .comm = comm, .send = send, .receive = receive, .count = count, .type = type,
                      .peer = root}, stream);
}
#endif
