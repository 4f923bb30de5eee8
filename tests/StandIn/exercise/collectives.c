/* Collectives, of every type and reduction, in place and not, of sizes below and above a piece. */
#include <math.h>
#include "exercise.h"

static const size_t counts[] = {1, 7, 1000, 70001};

enum { COUNTS = sizeof counts / sizeof counts[0], MOST = 70001 };

/* 0 to 2: for four ranks, every sum and product has a place in the smallest format, of two bits and a hidden one. */
static int sent(int rank, size_t index) { return (int)((index * 5 + index / 3 + (size_t)rank) % 3); }

static double reduced(int ranks, size_t index, int type, int reduction) {
    double result = sent(0, index);
    for (int rank = 1; rank < ranks; rank++) {
        double value = sent(rank, index);
        switch (reduction) {
            case NCCL_PROD: result *= value; break;
            case NCCL_MAX: result = fmax(result, value); break;
            case NCCL_MIN: result = fmin(result, value); break;
            default: result += value; break;
        }
    }
    if (reduction == NCCL_AVG) {
        result /= ranks;
        if (type <= NCCL_UINT64) result = floor(result);
    }
    return result;
}

static void expect(
    const char *what, double found, double expected, double error, const Rank *rank, size_t index, int type) {
    if (fabs(found - expected) <= error * fabs(expected)) return;
    FAIL("%s, rank %d of %d, type %d, element %zu: %g where %g was due", what, rank->rank, rank->ranks, type, index,
         found, expected);
}

static void fill(void *array, size_t count, int type, int rank) {
    for (size_t i = 0; i < count; i++) put(array, i, type, sent(rank, i));
}

static void reduce(Rank *rank, char *send, char *receive, size_t count, int type, int reduction) {
    size_t size = size_of(type), ranks = (size_t)rank->ranks;
    double error = reduction == NCCL_AVG && type > NCCL_UINT64 ? tolerance(type) : 0;

    fill(send, count * ranks, type, rank->rank);
    NCCL(rank, ncclAllReduce(send, receive, count, type, reduction, rank->comm, rank->stream));
    finish(rank);
    for (size_t i = 0; i < count; i++)
        expect("allreduce", get(receive, i, type), reduced(rank->ranks, i, type, reduction), error, rank, i, type);

    NCCL(rank, ncclReduceScatter(send, receive, count, type, reduction, rank->comm, rank->stream));
    finish(rank);
    for (size_t i = 0; i < count; i++)
        expect("reducescatter", get(receive, i, type),
               reduced(rank->ranks, (size_t)rank->rank * count + i, type, reduction), error, rank, i, type);

    /* In place, where the result replaces what was sent. */
    int root = rank->ranks - 1;
    NCCL(rank, ncclReduce(send, send, count, type, reduction, root, rank->comm, rank->stream));
    finish(rank);
    for (size_t i = 0; i < count; i++) {
        double due = rank->rank == root ? reduced(rank->ranks, i, type, reduction) : sent(rank->rank, i);
        expect("reduce in place", get(send, i, type), due, rank->rank == root ? error : 0, rank, i, type);
    }
    fill(send, count * ranks, type, rank->rank);
    char *block = send + (size_t)rank->rank * count * size;
    NCCL(rank, ncclReduceScatter(send, block, count, type, reduction, rank->comm, rank->stream));
    finish(rank);
    for (size_t i = 0; i < count; i++)
        expect("reducescatter in place", get(block, i, type),
               reduced(rank->ranks, (size_t)rank->rank * count + i, type, reduction), error, rank, i, type);
}

void exercise_reductions(Rank *rank) {
    char *send = device_memory((size_t)rank->ranks * MOST * 8), *receive = device_memory(MOST * 8);
    int version;
    NCCL(rank, ncclGetVersion(&version));
    int types = version >= 22400 ? NCCL_TYPES : NCCL_FLOAT8E4M3;
    for (int type = 0; type < types; type++)
        for (int reduction = 0; reduction < NCCL_REDUCTIONS; reduction++)
            for (int i = 0; i < COUNTS; i++)
                if (counts[i] < MOST || reduction == type % NCCL_REDUCTIONS)
                    reduce(rank, send, receive, counts[i], type, reduction);
    CUDA(cuMemFree_v2((uintptr_t)send));
    CUDA(cuMemFree_v2((uintptr_t)receive));
}

static void gathered(const Rank *rank, const char *what, const char *receive, size_t count) {
    for (int from = 0; from < rank->ranks; from++)
        for (size_t i = 0; i < count; i++)
            expect(what, get(receive, (size_t)from * count + i, NCCL_INT32), sent(from, i), 0, rank, i, NCCL_INT32);
}

static void move(Rank *rank, char *send, char *receive, size_t count, int root) {
    size_t all = count * (size_t)rank->ranks, block = (size_t)rank->rank * count * 4;
    fill(send, all, NCCL_INT32, rank->rank);
    NCCL(rank, ncclAllGather(send, receive, count, NCCL_INT32, rank->comm, rank->stream));
    finish(rank);
    gathered(rank, "allgather", receive, count);

    memset(receive, 0, all * 4);
    memcpy(receive + block, send, count * 4);
    NCCL(rank, ncclAllGather(receive + block, receive, count, NCCL_INT32, rank->comm, rank->stream));
    finish(rank);
    gathered(rank, "allgather in place", receive, count);

    NCCL(rank, ncclBroadcast(send, receive, count, NCCL_INT32, root, rank->comm, rank->stream));
    finish(rank);
    for (size_t i = 0; i < count; i++)
        expect("broadcast", get(receive, i, NCCL_INT32), sent(root, i), 0, rank, i, NCCL_INT32);
#if NCCL_MINOR >= 28
    NCCL(rank, ncclAlltoAll(send, receive, count, NCCL_INT32, rank->comm, rank->stream));
    finish(rank);
    for (int from = 0; from < rank->ranks; from++)
        for (size_t i = 0; i < count; i++)
            expect("alltoall", get(receive, (size_t)from * count + i, NCCL_INT32),
                   sent(from, (size_t)rank->rank * count + i), 0, rank, i, NCCL_INT32);

    memset(receive, 0, all * 4);
    NCCL(rank, ncclGather(send, receive, count, NCCL_INT32, root, rank->comm, rank->stream));
    finish(rank);
    if (rank->rank == root) gathered(rank, "gather", receive, count);

    NCCL(rank, ncclScatter(send, receive, count, NCCL_INT32, root, rank->comm, rank->stream));
    finish(rank);
    for (size_t i = 0; i < count; i++)
        expect("scatter", get(receive, i, NCCL_INT32), sent(root, (size_t)rank->rank * count + i), 0, rank, i,
               NCCL_INT32);
#endif
}

void exercise_moves(Rank *rank) {
    size_t bytes = (size_t)rank->ranks * MOST * 4;
    char *send = device_memory(bytes), *receive = device_memory(bytes);
    for (int i = 0; i < COUNTS; i++) move(rank, send, receive, counts[i], i % rank->ranks);
    CUDA(cuMemFree_v2((uintptr_t)send));
    CUDA(cuMemFree_v2((uintptr_t)receive));
}
