/*
 * Collectives: every rank lays a piece of its data out where all can read it, and takes what it needs from the others'
 * pieces. Each rank has two places to lay out to, so that one piece can be read while the next is written.
 */
#include <string.h>
#include "nccl_parts.h"

/* Whether each rank's piece has a block for each rank, or is one block for all. */
static bool has_blocks(Kind kind) { return kind == REDUCE_SCATTER || kind == ALL_TO_ALL || kind == SCATTER; }

static bool puts_out(const Task *task) {
    switch (task->kind) {
        case BROADCAST:
        case SCATTER: return task->comm->rank == task->peer;
        default: return true;
    }
}

static bool takes_in(const Task *task) {
    switch (task->kind) {
        case REDUCE:
        case GATHER: return task->comm->rank == task->peer;
        default: return true;
    }
}

static Label label_of(const Task *task) {
    Label label;
    memset(&label, 0, sizeof label);
    label.kind = task->kind;
    label.type = task->type;
    label.reduction = task->reduction;
    label.root = task->peer;
    label.count = task->count;
    return label;
}

static size_t piece_elements(const Task *task) {
    size_t blocks = has_blocks(task->kind) ? (size_t)task->comm->ranks : 1;
    return BOARD_BYTES / blocks / type_size(task->type);
}

static size_t elements_from(const Task *task, size_t start) {
    size_t left = task->count - start, most = piece_elements(task);
    return left < most ? left : most;
}

static Board *board_of(const Task *task, int rank, uint64_t piece) {
    return task->comm->boards + rank * SLOTS + piece % SLOTS;
}

/* Lays out this rank's next piece, unless somebody still reads what lies there. */
static bool publish(Task *task) {
    ncclComm_t comm = task->comm;
    if (task->out == task->count) return false;
    for (int rank = 0; rank < comm->ranks; rank++)
        if (comm->published - atomic_load(&comm->shared->members[rank].consumed) >= SLOTS) return false;

    Board *board = board_of(task, comm->rank, comm->published);
    board->label = label_of(task);
    size_t size = type_size(task->type), elements = elements_from(task, task->out);
    if (puts_out(task)) {
        int blocks = has_blocks(task->kind) ? comm->ranks : 1;
        for (int block = 0; block < blocks; block++)
            memcpy(
                board->data + (size_t)block * piece_elements(task) * size,
                task->send + ((size_t)block * task->count + task->out) * size, elements * size);
    }
    task->out += elements;
    atomic_store(&comm->shared->members[comm->rank].published, ++comm->published);
    return true;
}

/* This rank's block of another's piece. */
static const char *piece_of(const Task *task, int rank) {
    const Board *board = board_of(task, rank, task->comm->consumed);
    size_t block = has_blocks(task->kind) ? (size_t)task->comm->rank : 0;
    return board->data + block * piece_elements(task) * type_size(task->type);
}

static void take(Task *task, size_t elements) {
    int ranks = task->comm->ranks;
    size_t size = type_size(task->type);
    char *to = task->receive + task->in * size;
    switch (task->kind) {
        case ALL_REDUCE:
        case REDUCE_SCATTER:
        case REDUCE:
            reduce_first(to, piece_of(task, 0), elements, task->type, task->reduction, ranks);
            for (int rank = 1; rank < ranks; rank++)
                reduce_next(to, piece_of(task, rank), elements, task->type, task->reduction, ranks);
            reduce_last(to, elements, task->type, task->reduction, ranks);
            break;
        case ALL_GATHER:
        case ALL_TO_ALL:
        case GATHER:
            for (int rank = 0; rank < ranks; rank++)
                memcpy(to + (size_t)rank * task->count * size, piece_of(task, rank), elements * size);
            break;
        default: memcpy(to, piece_of(task, task->peer), elements * size); break;
    }
}

static bool consume(Task *task) {
    ncclComm_t comm = task->comm;
    if (task->in == task->out) return false;
    Label label = label_of(task);
    for (int rank = 0; rank < comm->ranks; rank++) {
        if (atomic_load(&comm->shared->members[rank].published) <= comm->consumed) return false;
        if (memcmp(&board_of(task, rank, comm->consumed)->label, &label, sizeof label) == 0) continue;
        nccl_say("stand-in: ranks %d and %d call different collectives, or with different arguments", comm->rank, rank);
        comm_fail(comm, NCCL_INTERNAL_ERROR);
        return false;
    }
    size_t elements = elements_from(task, task->in);
    if (takes_in(task)) take(task, elements);
    task->in += elements;
    atomic_store(&comm->shared->members[comm->rank].consumed, ++comm->consumed);
    return true;
}

void advance_collective(Task *task) {
    for (bool moved = true; moved && !atomic_load(&task->comm->aborted);) {
        moved = publish(task);
        moved |= consume(task);
    }
    task->done = task->in == task->count;
}
