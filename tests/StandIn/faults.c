/* What begins every call: counting it, and failing or hanging where the settings say so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "nccl_api.h"
#include "nccl_parts.h"
#include "standin.h"

_Thread_local bool call_hangs;

static _Atomic(Call *) calls;

int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

void sleep_forever(void) {
    for (;;) pause();
}

static void list(Call *call) {
    if (atomic_exchange(&call->listed, true)) return;
    Call *first = atomic_load(&calls);
    do call->next = first;
    while (!atomic_compare_exchange_weak(&calls, &first, call));
}

/* Fields of an entry, up to its comma; returns how many numbers there were. */
static int numbers_of(const char *text, long *numbers, int most) {
    int count = 0;
    while (count < most) {
        char *end;
        numbers[count] = strtol(text, &end, 10);
        if (end == text) break;
        count++;
        if (*end != ':') break;
        text = end + 1;
    }
    return count;
}

static const char *next_entry(const char *entry) {
    const char *comma = strchr(entry, ',');
    return comma ? comma + 1 : NULL;
}

bool fault_due(const char *entries, long count, int rank, int *status) {
    int statuses = status ? 1 : 0;
    for (const char *entry = entries; entry; entry = next_entry(entry)) {
        long numbers[3];
        int found = numbers_of(entry, numbers, 2 + statuses);
        if (found < 1 + statuses || numbers[0] != count) continue;
        if (found > 1 + statuses && numbers[1 + statuses] != rank) continue;
        if (status) *status = (int)numbers[1];
        return true;
    }
    return false;
}

/* As fault_due, of entries that begin with a symbol; those with a rank count the calls of that rank alone. */
static bool told(const char *entries, const Call *call, long count, int rank, long of_rank, int *status) {
    size_t length = strlen(call->symbol);
    int statuses = status ? 1 : 0;
    for (const char *entry = entries; entry; entry = next_entry(entry)) {
        if (strncmp(entry, call->symbol, length) != 0 || entry[length] != ':') continue;
        long numbers[3];
        int found = numbers_of(entry + length + 1, numbers, 2 + statuses);
        if (found < 1 + statuses) continue;
        bool ranked = found > 1 + statuses;
        if (ranked ? numbers[1 + statuses] != rank || numbers[0] != of_rank : numbers[0] != count) continue;
        if (status) *status = (int)numbers[1];
        return true;
    }
    return false;
}

/* When a fault came, in milliseconds of the clock that tells the time: what a run does about it is counted from there. */
static void tell(const Call *call, long count) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    report("fault", "%s:%ld at %lld", call->symbol, count, time.tv_sec * 1000LL + time.tv_nsec / 1000000);
}

int call_begin(Call *call, int rank) {
    const Settings *set = settings();
    long count = atomic_fetch_add(&call->count, 1) + 1, of_rank = 0;
    if (count == 1) list(call);
    if (rank >= 0 && rank < MAX_RANKS) of_rank = atomic_fetch_add(&call->by_rank[rank], 1) + 1;

    call_hangs = set->hang && told(set->hang, call, count, rank, of_rank, NULL);
    if (call_hangs) tell(call, count);
    if (call_hangs && !call->enqueues) sleep_forever();
    int status = 0;
    if (set->fail && told(set->fail, call, count, rank, of_rank, &status)) {
        tell(call, count);
        nccl_say("stand-in: told to fail");
    }
    return status;
}

void report_calls(void) {
    if (!settings()->report) return;
    for (const Call *call = atomic_load(&calls); call; call = call->next) {
        char name[80];
        snprintf(name, sizeof name, "calls.%s", call->symbol);
        report(name, "%ld", atomic_load(&call->count));
    }
}
