/*
 * Streams: queues of operations. Whoever enqueues, asks or waits runs what can be run without waiting; one thread more
 * sees to streams that nobody looks at, as a GPU would.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cuda_parts.h"

struct Stream {
    struct Stream *next;
    pthread_mutex_t lock;
    Operation *first, **last;
    /* Whether the queue holds anything, to look at without the lock. */
    atomic_bool busy;
    CUgraph capture;
    bool capture_failed;
};

static pthread_mutex_t streams_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static CUstream streams, default_streams[MAX_GPUS];
static atomic_bool working;
static bool started;

void *operation_new(size_t bytes, bool (*advance)(Operation *)) {
    Operation *operation = calloc(1, bytes);
    operation->bytes = bytes;
    operation->advance = advance;
    return operation;
}

/* Runs the queue with its lock held, up to the first operation that has to wait. */
static void run(CUstream stream) {
    while (stream->first && stream->first->advance(stream->first)) {
        Operation *done = stream->first;
        stream->first = done->next;
        if (!stream->first) stream->last = &stream->first;
        free(done);
    }
    atomic_store(&stream->busy, stream->first != NULL);
}

static void try_run(CUstream stream) {
    if (!atomic_load(&stream->busy) || pthread_mutex_trylock(&stream->lock) != 0) return;
    run(stream);
    pthread_mutex_unlock(&stream->lock);
}

static void nap(long microseconds) {
    nanosleep(&(struct timespec){.tv_nsec = microseconds * 1000}, NULL);
}

/* The thread that runs streams which nobody looks at. */
static void *background(void *nothing) {
    (void)nothing;
    for (;;) {
        pthread_mutex_lock(&streams_lock);
        while (!atomic_load(&working)) pthread_cond_wait(&work, &streams_lock);
        pthread_mutex_unlock(&streams_lock);
        nap(200);

        pthread_mutex_lock(&streams_lock);
        atomic_store(&working, false);
        bool left = false;
        for (CUstream stream = streams; stream; stream = stream->next) {
            try_run(stream);
            left |= atomic_load(&stream->busy);
        }
        if (left) atomic_store(&working, true);
        pthread_mutex_unlock(&streams_lock);
    }
    return NULL;
}

static void wake_background(void) {
    if (atomic_exchange(&working, true)) return;
    pthread_mutex_lock(&streams_lock);
    if (!started) {
        pthread_t thread;
        started = pthread_create(&thread, NULL, background, NULL) == 0;
        if (started) pthread_detach(thread);
    }
    pthread_cond_signal(&work);
    pthread_mutex_unlock(&streams_lock);
}

static CUstream new_stream(void) {
    CUstream stream = calloc(1, sizeof *stream);
    pthread_mutex_init(&stream->lock, NULL);
    stream->last = &stream->first;
    stream->next = streams;
    streams = stream;
    return stream;
}

CUstream stream_of(CUstream stream) {
    if (stream) return stream;
    pthread_mutex_lock(&streams_lock);
    int device = current_device() < 0 ? 0 : current_device();
    if (!default_streams[device]) default_streams[device] = new_stream();
    pthread_mutex_unlock(&streams_lock);
    return default_streams[device];
}

int stream_add(CUstream handle, Operation *operation) {
    CUstream stream = stream_of(handle);
    pthread_mutex_lock(&stream->lock);
    if (stream->capture) {
        graph_add(stream->capture, operation);
    } else {
        if (operation->enqueued) operation->enqueued(operation);
        *stream->last = operation;
        stream->last = &operation->next;
        run(stream);
    }
    pthread_mutex_unlock(&stream->lock);
    if (atomic_load(&stream->busy)) wake_background();
    return device_error_status();
}

bool stream_capturing(CUstream stream) { return stream_of(stream)->capture != NULL; }

int stream_capture(CUstream handle, CUgraph graph) {
    if (!handle) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    if (handle->capture) return CUDA_ERROR_ILLEGAL_STATE;
    handle->capture = graph;
    handle->capture_failed = false;
    return 0;
}

int stream_end_capture(CUstream handle, CUgraph *graph) {
    *graph = NULL;
    if (!handle || !handle->capture) return CUDA_ERROR_ILLEGAL_STATE;
    if (!handle->capture_failed) *graph = handle->capture;
    handle->capture = NULL;
    return handle->capture_failed ? CUDA_ERROR_STREAM_CAPTURE_INVALIDATED : CUDA_SUCCESS;
}

EXPORT int cuStreamCreate(CUstream *stream, unsigned flags) {
    CALL();
    (void)flags;
    int status = context_status();
    if (status) return status;
    pthread_mutex_lock(&streams_lock);
    *stream = new_stream();
    pthread_mutex_unlock(&streams_lock);
    return 0;
}

EXPORT int cuStreamCreateWithPriority(CUstream *stream, unsigned flags, int priority) {
    CALL();
    (void)priority;
    return cuStreamCreate(stream, flags);
}

/* One with work left stays where it is: the work goes on, as on a GPU. */
EXPORT int cuStreamDestroy_v2(CUstream stream) {
    CALL();
    if (!stream) return CUDA_ERROR_INVALID_HANDLE;
    try_run(stream);
    pthread_mutex_lock(&streams_lock);
    CUstream *link = &streams;
    while (*link && *link != stream) link = &(*link)->next;
    bool found = *link != NULL;
    if (found && !atomic_load(&stream->busy)) {
        *link = stream->next;
        pthread_mutex_destroy(&stream->lock);
        free(stream);
    }
    pthread_mutex_unlock(&streams_lock);
    return found ? driver_status() : CUDA_ERROR_INVALID_HANDLE;
}

EXPORT int cuStreamQuery(CUstream handle) {
    CALL();
    int status = driver_status();
    if (status) return status;
    CUstream stream = stream_of(handle);
    if (stream->capture) {
        stream->capture_failed = true;
        return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    }
    try_run(stream);
    if (atomic_load(&stream->busy)) return CUDA_ERROR_NOT_READY;
    return device_error_status();
}

EXPORT int cuStreamSynchronize(CUstream handle) {
    CALL();
    CUstream stream = stream_of(handle);
    if (stream->capture) {
        stream->capture_failed = true;
        return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    }
    for (int tries = 0; atomic_load(&stream->busy); tries++) {
        try_run(stream);
        if (tries < 1000) sched_yield();
        else nap(100);
    }
    return driver_status();
}

EXPORT int cuCtxSynchronize(void) {
    CALL();
    for (bool left = true; left;) {
        left = false;
        pthread_mutex_lock(&streams_lock);
        for (CUstream stream = streams; stream; stream = stream->next) {
            try_run(stream);
            left |= atomic_load(&stream->busy);
        }
        pthread_mutex_unlock(&streams_lock);
        if (left) sched_yield();
    }
    return context_status();
}
