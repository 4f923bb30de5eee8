/* Sends and receives in groups: a ring, and everybody to everybody, itself included. */
#include "exercise.h"

enum { COUNT = 50001 };

static int64_t value(int from, int to, size_t index) { return from * 1000 + to * 100 + (int64_t)index % 97; }

static void expect(const int64_t *received, int from, int to) {
    for (size_t i = 0; i < COUNT; i++)
        if (received[i] != value(from, to, i)) FAIL("rank %d has element %zu of rank %d wrong", to, i, from);
}

static void write(int64_t *array, int from, int to) {
    for (size_t i = 0; i < COUNT; i++) array[i] = value(from, to, i);
}

void exercise_messages(Rank *rank) {
    int ranks = rank->ranks, own = rank->rank, next = (own + 1) % ranks, before = (own + ranks - 1) % ranks;
    size_t block = COUNT * sizeof(int64_t);
    char *send = device_memory(block * (size_t)ranks), *receive = device_memory(block * (size_t)ranks);

    write((int64_t *)send, own, next);
    if (ncclGroupStart()) FAIL("no group");
    NCCL(rank, ncclSend(send, COUNT, NCCL_INT64, next, rank->comm, rank->stream));
    NCCL(rank, ncclRecv(receive, COUNT, NCCL_INT64, before, rank->comm, rank->stream));
    NCCL(rank, ncclGroupEnd());
    finish(rank);
    expect((int64_t *)receive, before, own);

    for (int to = 0; to < ranks; to++) write((int64_t *)(send + block * (size_t)to), own, to);
    if (ncclGroupStart()) FAIL("no group");
    for (int peer = 0; peer < ranks; peer++) {
        size_t offset = block * (size_t)peer;
        NCCL(rank, ncclSend(send + offset, COUNT, NCCL_INT64, peer, rank->comm, rank->stream));
        NCCL(rank, ncclRecv(receive + offset, COUNT, NCCL_INT64, peer, rank->comm, rank->stream));
    }
    NCCL(rank, ncclGroupEnd());
    finish(rank);
    for (int from = 0; from < ranks; from++) expect((int64_t *)(receive + block * (size_t)from), from, own);

    CUDA(cuMemFree_v2((uintptr_t)send));
    CUDA(cuMemFree_v2((uintptr_t)receive));
}
