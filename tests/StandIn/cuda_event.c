/* Events: the time at which a stream came to them. */
#include <sched.h>
#include <stdlib.h>
#include "cuda_parts.h"

struct Event {
    unsigned flags;
    atomic_int pending;
    atomic_bool recorded;
    atomic_llong time;
};

typedef struct {
    Operation head;
    CUevent event;
} Record;

static void promise(Operation *operation) { atomic_fetch_add(&((Record *)operation)->event->pending, 1); }

static bool take_time(Operation *operation) {
    CUevent event = ((Record *)operation)->event;
    atomic_store(&event->time, now());
    atomic_store(&event->recorded, true);
    atomic_fetch_sub(&event->pending, 1);
    return true;
}

static bool await(Operation *operation) { return atomic_load(&((Record *)operation)->event->pending) == 0; }

static int add(CUevent event, CUstream stream, bool (*advance)(Operation *), void (*enqueued)(Operation *)) {
    Record *record = operation_new(sizeof *record, advance);
    record->event = event;
    record->head.enqueued = enqueued;
    return stream_add(stream, &record->head);
}

EXPORT int cuEventCreate(CUevent *event, unsigned flags) {
    CALL();
    int status = context_status();
    if (status) return status;
    *event = calloc(1, sizeof **event);
    (*event)->flags = flags;
    return 0;
}

/* One that a stream has yet to come to is left to that stream. */
EXPORT int cuEventDestroy_v2(CUevent event) {
    CALL();
    if (!event) return CUDA_ERROR_INVALID_HANDLE;
    if (atomic_load(&event->pending) == 0) free(event);
    return driver_status();
}

/* Within a capture, a record without the external flag only orders the graph: no time is taken. */
EXPORT int cuEventRecordWithFlags(CUevent event, CUstream stream, unsigned flags) {
    CALL();
    if (!event) return CUDA_ERROR_INVALID_HANDLE;
    if (stream_capturing(stream) && !(flags & CU_EVENT_RECORD_EXTERNAL)) return driver_status();
    return add(event, stream, take_time, promise);
}

EXPORT int cuEventRecord(CUevent event, CUstream stream) {
    CALL();
    if (!event) return CUDA_ERROR_INVALID_HANDLE;
    if (stream_capturing(stream)) return driver_status();
    return add(event, stream, take_time, promise);
}

EXPORT int cuStreamWaitEvent(CUstream stream, CUevent event, unsigned flags) {
    CALL();
    (void)flags;
    if (!event) return CUDA_ERROR_INVALID_HANDLE;
    if (stream_capturing(stream)) return driver_status();
    return add(event, stream, await, NULL);
}

EXPORT int cuEventQuery(CUevent event) {
    CALL();
    if (!event) return CUDA_ERROR_INVALID_HANDLE;
    if (atomic_load(&event->pending) > 0) return CUDA_ERROR_NOT_READY;
    return driver_status();
}

EXPORT int cuEventSynchronize(CUevent event) {
    CALL();
    if (!event) return CUDA_ERROR_INVALID_HANDLE;
    while (atomic_load(&event->pending) > 0) sched_yield();
    return driver_status();
}

static int elapsed(float *milliseconds, CUevent start, CUevent end) {
    if (!start || !end || ((start->flags | end->flags) & CU_EVENT_DISABLE_TIMING)) return CUDA_ERROR_INVALID_HANDLE;
    if (atomic_load(&start->pending) > 0 || atomic_load(&end->pending) > 0) return CUDA_ERROR_NOT_READY;
    if (!atomic_load(&start->recorded) || !atomic_load(&end->recorded)) return CUDA_ERROR_INVALID_HANDLE;
    *milliseconds = (float)((double)(atomic_load(&end->time) - atomic_load(&start->time)) / 1e6);
    return driver_status();
}

EXPORT int cuEventElapsedTime(float *milliseconds, CUevent start, CUevent end) {
    CALL();
    return elapsed(milliseconds, start, end);
}

EXPORT int cuEventElapsedTime_v2(float *milliseconds, CUevent start, CUevent end) {
    CALL();
    return elapsed(milliseconds, start, end);
}
