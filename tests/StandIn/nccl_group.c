/* Groups: calls that are run as one operation of their stream. A call outside of a group is a group of its own. */
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "nccl_parts.h"

typedef struct {
    Operation head;
    bool begun, spoils, hangs;
    int64_t earliest;
    size_t count;
    Task tasks[];
} Fused;

typedef struct {
    Task task;
    CUstream stream;
} Queued;

static _Thread_local int depth;
static _Thread_local Queued *queued;
static _Thread_local size_t queued_count, queued_room;
static _Thread_local ncclComm_t joins[MAX_RANKS];
static _Thread_local int join_count;

static bool is_message(const Task *task) { return task->kind == SEND || task->kind == RECEIVE; }

static bool over(const Task *task) { return task->done || atomic_load(&task->comm->aborted); }

/* Whether an earlier task of the group has to end first. */
static bool waits(const Fused *fused, const Task *task) {
    for (const Task *before = fused->tasks; before < task; before++) {
        if (over(before) || before->comm != task->comm || is_message(before) != is_message(task)) continue;
        if (!is_message(task) || (before->kind == task->kind && before->peer == task->peer)) return true;
    }
    return false;
}

/* Counts it, and finds the faults that are due now. */
static void begin(Fused *fused) {
    const Settings *set = settings();
    fused->begun = true;
    fused->earliest = now();
    for (size_t i = 0; i < fused->count; i++) {
        ncclComm_t comm = fused->tasks[i].comm;
        bool counted = false;
        for (size_t j = 0; j < i; j++) counted |= fused->tasks[j].comm == comm;
        fused->hangs |= fused->tasks[i].hang;
        if (counted) continue;
        /* A graph was launched whose communicator was destroyed. */
        if (!comm->shared) device_error(CUDA_ERROR_ILLEGAL_ADDRESS);

        long number = atomic_fetch_add(&comm->fused, 1) + 1;
        int status;
        if (set->delay > 0 && (set->slow_rank < 0 || set->slow_rank == comm->rank))
            fused->earliest = now() + set->delay * 1000;
        if (set->wrong && fault_due(set->wrong, number, comm->rank, NULL)) fused->spoils = true;
        if (set->async_error && fault_due(set->async_error, number, comm->rank, &status)) {
            nccl_say("stand-in: told to fail");
            comm_fail(comm, status);
        }
    }
}

/* Changes a bit that counts in the middle of what was received. */
static void spoil(const Fused *fused) {
    for (size_t i = 0; i < fused->count; i++) {
        const Task *task = &fused->tasks[i];
        int ranks = task->comm->ranks;
        bool received = task->kind != SEND
            && !((task->kind == REDUCE || task->kind == GATHER) && task->peer != task->comm->rank);
        if (!received) continue;
        bool many = task->kind == ALL_GATHER || task->kind == ALL_TO_ALL || task->kind == GATHER;
        size_t elements = task->count * (many ? (size_t)ranks : 1), size = type_size(task->type);
        task->receive[elements / 2 * size + size - 1] ^= 0x10;
        return;
    }
}

static bool advance(Operation *operation) {
    Fused *fused = (Fused *)operation;
    if (!fused->begun) begin(fused);
    if (fused->earliest > 0) {
        if (now() < fused->earliest) return false;
        fused->earliest = 0;
    }
    bool done = true;
    for (Task *task = fused->tasks; task < fused->tasks + fused->count; task++) {
        bool failed = atomic_load(&task->comm->status) != NCCL_SUCCESS || fused->hangs;
        if (!over(task) && !failed && !waits(fused, task)) {
            if (is_message(task)) advance_message(task);
            else advance_collective(task);
        }
        /* What hangs or has failed stays until the communicator is aborted, as a kernel does. */
        done &= fused->hangs ? atomic_load(&task->comm->aborted) : over(task);
    }
    if (!done) return false;
    if (fused->spoils) spoil(fused);
    for (size_t i = 0; i < fused->count; i++) atomic_fetch_sub(&fused->tasks[i].comm->unfinished, 1);
    return true;
}

static void enqueued(Operation *operation) {
    Fused *fused = (Fused *)operation;
    for (size_t i = 0; i < fused->count; i++) atomic_fetch_add(&fused->tasks[i].comm->unfinished, 1);
}

/* One operation of the queued tasks of a stream, from the first on. */
static int launch(size_t first, bool *taken) {
    CUstream stream = queued[first].stream;
    Fused *fused = operation_new(sizeof *fused + (queued_count - first) * sizeof(Task), advance);
    fused->head.enqueued = enqueued;
    for (size_t i = first; i < queued_count; i++) {
        if (taken[i] || queued[i].stream != stream) continue;
        taken[i] = true;
        fused->tasks[fused->count++] = queued[i].task;
    }
    return stream_add(stream, &fused->head) ? NCCL_UNHANDLED_CUDA_ERROR : NCCL_SUCCESS;
}

/* Ends the outermost group. */
static int end(void) {
    int result = NCCL_SUCCESS;
    for (int i = 0; i < join_count; i++) {
        ncclComm_t comm = joins[i];
        if (!comm->blocking) result = result ? result : NCCL_IN_PROGRESS;
        else {
            while (atomic_load(&comm->joining)) nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
            int status = atomic_load(&comm->status);
            if (status) result = status;
        }
    }
    join_count = 0;

    bool *taken = calloc(queued_count + 1, sizeof *taken);
    for (size_t i = 0; i < queued_count; i++) {
        if (taken[i]) continue;
        int status = launch(i, taken);
        if (status) result = status;
    }
    for (size_t i = 0; i < queued_count; i++) {
        int status = comm_done(queued[i].task.comm);
        if (!result) result = status;
    }
    free(taken);
    queued_count = 0;
    return result;
}

bool group_open(void) { return depth > 0; }

void group_add_join(ncclComm_t comm) {
    if (join_count < MAX_RANKS) joins[join_count++] = comm;
}

int group_add(const Task *task, CUstream stream) {
    if (queued_count == queued_room) {
        queued_room = queued_room ? 2 * queued_room : 64;
        queued = realloc(queued, queued_room * sizeof *queued);
    }
    queued[queued_count++] = (Queued){*task, stream_of(stream)};
    return depth > 0 ? NCCL_SUCCESS : end();
}

EXPORT int ncclGroupStart(void) {
    NCCL_CALL(-1);
    depth++;
    return NCCL_SUCCESS;
}

EXPORT int ncclGroupEnd(void) {
    NCCL_CALL(-1);
    if (depth == 0) REFUSE(NCCL_INVALID_USAGE, "ncclGroupEnd without ncclGroupStart");
    return --depth > 0 ? NCCL_SUCCESS : end();
}
