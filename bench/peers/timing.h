/* What the timing programs share: what a size means, and how often a call is run. C and C++. */
#ifndef NPERF_PEERS_TIMING_H
#define NPERF_PEERS_TIMING_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    TIMING_FACTOR = 4,      /* from one size to the next */
    TIMING_WARMUPS = 5,     /* calls before anything is timed */
    TIMING_LEAST_CALLS = 3, /* in a batch, however long one takes */
    TIMING_BATCHES = 10,    /* of the time: the pace of one says how many calls the next has */
    TIMING_MOST_CALLS = 1000000
};

/* Seconds of a clock that nobody sets. */
static inline double timing_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/*
 * Elements of a call for a size of so many bytes: of the buffer or, where blocks is set, of one rank's block, all blocks
 * together being the size. At least one.
 */
static inline size_t timing_count(size_t bytes, int ranks, int blocks)
{
    size_t count = bytes / sizeof(float) / (blocks ? (size_t)ranks : 1);
    return count > 0 ? count : 1;
}

/* The size that count stands for: what is printed. */
static inline size_t timing_bytes(size_t count, int ranks, int blocks)
{
    return count * sizeof(float) * (blocks ? (size_t)ranks : 1);
}

/* The size after bytes: the largest is always among them; 0 behind it. */
static inline size_t timing_next(size_t bytes, size_t most)
{
    if (bytes >= most) return 0;
    return bytes * TIMING_FACTOR < most ? bytes * TIMING_FACTOR : most;
}

/* How many calls fill seconds where one takes pace of them. */
static inline long timing_calls(double seconds, double pace)
{
    double calls = pace > 0 ? seconds / pace : TIMING_MOST_CALLS;
    if (calls < TIMING_LEAST_CALLS) return TIMING_LEAST_CALLS;
    return calls > TIMING_MOST_CALLS ? TIMING_MOST_CALLS : (long)calls + 1;
}

/* Memory for count elements, each page of it touched. */
static inline float *timing_buffer(size_t count)
{
    void *memory = NULL;
    size_t bytes = count * sizeof(float);
    if (posix_memalign(&memory, 4096, bytes) != 0) {
        fprintf(stderr, "no memory for %zu bytes\n", bytes);
        exit(1);
    }
    memset(memory, 0, bytes);
    return (float *)memory;
}

static inline void timing_print(size_t bytes, double seconds)
{
    printf("%zu %.4f\n", bytes, seconds * 1e6);
    fflush(stdout);
}

#endif
