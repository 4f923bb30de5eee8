/* What the files of the stand-in share: its settings, and what begins every call. */
#ifndef STANDIN_H
#define STANDIN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

enum { MAX_RANKS = 64, MAX_GPUS = 16 };

/* What the STANDIN_ variables say (README.md has them all). */
typedef struct {
    int gpus;
    size_t memory;
    int nccl;
    double timeout;
    long delay;
    int slow_rank;
    const char *report, *fail, *hang, *wrong, *async_error;
} Settings;

const Settings *settings(void);

/* A variable for this copy of the library alone, which stands above the environment's. Before the first other call. */
EXPORT void standin_set(const char *name, const char *value);

/* A symbol, and how often it was called: in all, and by each rank where a call has one. */
typedef struct Call {
    const char *symbol;
    bool enqueues;
    atomic_long count, by_rank[MAX_RANKS];
    atomic_bool listed;
    struct Call *next;
} Call;

/*
 * Counts a call; returns the status that it is told to fail with, or 0. A call that is told to hang never returns,
 * except one that enqueues: its operation will hang, which call_hangs tells.
 */
int call_begin(Call *call, int rank);
extern _Thread_local bool call_hangs;

/* Begins a call of the driver or of NVML. */
#define CALL()                                                                                                         \
    static Call call_ = {.symbol = __func__};                                                                          \
    do {                                                                                                               \
        int told_ = call_begin(&call_, -1);                                                                            \
        if (told_) return told_;                                                                                       \
    } while (0)

/* Whether LIST, of entries like K:STATUS[:RANK], names the COUNT-th of this RANK; STATUS may be null. */
bool fault_due(const char *list, long count, int rank, int *status);

/* Appends a line "PID NAME=VALUE" to the file that STANDIN_REPORT names, if any. */
void report(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
void report_calls(void);

/* Never returns. */
void sleep_forever(void) __attribute__((noreturn));

/* Nanoseconds of the monotonic clock. */
int64_t now(void);

#endif
