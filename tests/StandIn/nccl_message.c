/* Sends and receives: a lane from each rank to each, of two places. */
#include <string.h>
#include "nccl_parts.h"

static Lane *lane_of(const Task *task) {
    ncclComm_t comm = task->comm;
    int from = task->kind == SEND ? comm->rank : task->peer, to = task->kind == SEND ? task->peer : comm->rank;
    return comm->lanes + from * comm->ranks + to;
}

static size_t elements_from(const Task *task, size_t start) {
    size_t left = task->count - start, most = LANE_BYTES / type_size(task->type);
    return left < most ? left : most;
}

static bool send(Task *task, Lane *lane) {
    uint64_t piece = atomic_load(&lane->sent);
    if (task->out == task->count || piece - atomic_load(&lane->received) == SLOTS) return false;
    size_t size = type_size(task->type), elements = elements_from(task, task->out);
    lane->slots[piece % SLOTS].count = task->count;
    lane->slots[piece % SLOTS].type = task->type;
    memcpy(lane->slots[piece % SLOTS].data, task->send + task->out * size, elements * size);
    task->out += elements;
    atomic_store(&lane->sent, piece + 1);
    return true;
}

static bool receive(Task *task, Lane *lane) {
    uint64_t piece = atomic_load(&lane->received);
    if (task->in == task->count || piece == atomic_load(&lane->sent)) return false;
    if (lane->slots[piece % SLOTS].count != task->count || lane->slots[piece % SLOTS].type != task->type) {
        nccl_say("stand-in: rank %d sends something else than rank %d receives", task->peer, task->comm->rank);
        comm_fail(task->comm, NCCL_INTERNAL_ERROR);
        return false;
    }
    size_t size = type_size(task->type), elements = elements_from(task, task->in);
    memcpy(task->receive + task->in * size, lane->slots[piece % SLOTS].data, elements * size);
    task->in += elements;
    atomic_store(&lane->received, piece + 1);
    return true;
}

void advance_message(Task *task) {
    Lane *lane = lane_of(task);
    bool sends = task->kind == SEND;
    while (!atomic_load(&task->comm->aborted) && (sends ? send(task, lane) : receive(task, lane))) {}
    task->done = (sends ? task->out : task->in) == task->count;
}
