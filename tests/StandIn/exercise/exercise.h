/* What the exercises of the stand-in share. Each runs on every rank, in a process or a thread of its own. */
#ifndef EXERCISE_H
#define EXERCISE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../nccl_api.h"

enum { MAX_WORLD = 8, PATIENCE_SECONDS = 20 };

typedef struct {
    int rank, ranks;
    bool blocking;
    CUstream stream;
    ncclComm_t comm;
} Rank;

/* What the ranks share beside the library. */
typedef struct {
    atomic_bool id_ready;
    UniqueId id;
    atomic_int passed[8];
} World;

extern World *world;

#define FAIL(...)                                                                                                      \
    do {                                                                                                               \
        fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                                                                \
        fprintf(stderr, __VA_ARGS__);                                                                                  \
        fputc('\n', stderr);                                                                                           \
        exit(1);                                                                                                       \
    } while (0)

/* Each status is checked. */
#define CUDA(CALL)                                                                                                     \
    do {                                                                                                               \
        int status_ = CALL;                                                                                            \
        if (status_) FAIL("%s: %d", #CALL, status_);                                                                   \
    } while (0)
#define NCCL(RANK, CALL)                                                                                               \
    do {                                                                                                               \
        int status_ = settled(RANK, CALL);                                                                             \
        if (status_) FAIL("%s: %d: %s", #CALL, status_, ncclGetLastError(NULL));                                       \
    } while (0)

/* The status of a call, once it is no longer in progress. */
int settled(Rank *rank, int status);

/* Waits for the stream, or fails. */
void finish(Rank *rank);

/* Waits until all ranks have come here, at the NUMBER-th such place. */
void meet(Rank *rank, int number);

void *device_memory(size_t bytes);

/* Element INDEX of an array of a type, as a number; small whole numbers fit every type. */
double get(const void *array, size_t index, int type);
void put(void *array, size_t index, int type, int value);
size_t size_of(int type);
/* The relative error that an average may have. */
double tolerance(int type);

void exercise_reductions(Rank *rank);
void exercise_moves(Rank *rank);
void exercise_messages(Rank *rank);
void exercise_graph(Rank *rank);
void exercise_async(Rank *rank);
void exercise_abort(Rank *rank);
void exercise_compare(Rank *rank);

#endif
